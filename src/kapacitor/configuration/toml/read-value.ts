import type { Container, Item } from './container.js';
import type { Cursor } from './cursor.js';
import type { Entry } from './document.js';
import type { Names } from './names.js';
import { OpenArray } from './open-array.js';
import { OpenInlineTable } from './open-inline-table.js';
import { readScalar } from './scalars.js';

const bracket = 0x5b;
const brace = 0x7b;

function open(cursor: Cursor, names: Names, entries: Entry[], around: Container | undefined): Container | undefined {
  const r = cursor.peek();
  if (r === bracket) {
    cursor.next();
    return new OpenArray(cursor, names);
  }
  if (r !== brace || names.part === undefined) return undefined;
  cursor.next();
  return new OpenInlineTable(cursor, names, entries, names.part, around?.isArray === true);
}

function scalar(cursor: Cursor): Item {
  const start = cursor.offset;
  const { value, line } = readScalar(cursor);
  return { value, line, start, end: cursor.offset };
}

/** The value of the key `names.part`; the keys of inline tables in it are defined on the way. */
export function readValue(cursor: Cursor, names: Names, entries: Entry[]): Item {
  const around: Container[] = [];
  for (;;) {
    cursor.skipBlanks();
    const opened = open(cursor, names, entries, around[around.length - 1]);
    if (opened?.begin() === true) {
      around.push(opened);
      continue;
    }
    let item = opened === undefined ? scalar(cursor) : opened.close();
    for (;;) {
      const container = around[around.length - 1];
      if (container === undefined) return item;
      if (container.take(item)) break;
      around.pop();
      item = container.close();
    }
  }
}
