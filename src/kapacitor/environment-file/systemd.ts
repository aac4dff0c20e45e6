import { droppedByName, isVariableName, variableIn, type Assignment, type DroppedLine } from './assignment.js';

const lineEnd = /[\r\n]/;
const blank = /[ \t\r\n]/;
const escapable = '"\\`$';

/** Reads on from a place in a text; past its end there is `''`. */
class Cursor {
  readonly #text: string;
  #at = 0;
  line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  get char(): string {
    return this.#text.charAt(this.#at);
  }

  next(): string {
    const { char } = this;
    this.#at++;
    if (char === '\n') this.line++;
    return char;
  }

  /** What stands before the next character that fits, which is not taken. */
  until(stop: RegExp): string {
    let taken = '';
    while (this.char !== '' && !stop.test(this.char)) taken += this.next();
    return taken;
  }
}

function doubleQuoted(cursor: Cursor): string {
  let value = '';
  for (;;) {
    value += cursor.until(/["\\]/);
    if (cursor.next() !== '\\') return value;
    const escaped = cursor.next();
    if (escaped === '') return value;
    if (escapable.includes(escaped)) value += escaped;
    else if (escaped !== '\n') value += `\\${escaped}`;
  }
}

function quoted(cursor: Cursor): string {
  if (cursor.next() === '"') return doubleQuoted(cursor);
  const value = cursor.until(/'/);
  cursor.next();
  return value;
}

/** The rest of the line, without the blanks at its end; a backslash keeps the next character, or joins the next line. */
function bare(cursor: Cursor): string {
  let kept = '';
  let open = '';
  for (;;) {
    open += cursor.until(/[\r\n\\]/);
    if (cursor.char !== '\\') return kept + open.replace(/[ \t]+$/, '');
    cursor.next();
    const escaped = cursor.next();
    kept += open + (lineEnd.test(escaped) ? '' : escaped);
    open = '';
  }
}

/** Quoted pieces, one after the other, and what follows them. */
function valueAt(cursor: Cursor): string {
  let value = '';
  for (;;) {
    cursor.until(/[^ \t]/);
    if (cursor.char === '' || lineEnd.test(cursor.char)) return value;
    if (cursor.char !== '"' && cursor.char !== "'") return value + bare(cursor);
    value += quoted(cursor);
  }
}

/** The lines of a file as systemd's `EnvironmentFile=` reads them (src/basic/env-file.c), valid or not. */
function parseLines(text: string): {
  readonly assignments: readonly Assignment[];
  /** Lines without an equals sign. */
  readonly others: readonly { readonly text: string; readonly line: number }[];
} {
  const cursor = new Cursor(text);
  const assignments: Assignment[] = [];
  const others: { text: string; line: number }[] = [];
  while (cursor.char !== '') {
    if (blank.test(cursor.char)) {
      cursor.next();
    } else if (cursor.char === '#' || cursor.char === ';') {
      cursor.until(lineEnd);
    } else {
      const { line } = cursor;
      const name = (cursor.next() + cursor.until(/[=\r\n]/)).trimEnd();
      if (cursor.char === '=') {
        cursor.next();
        assignments.push({ name, value: valueAt(cursor), line });
      } else {
        others.push({ text: name, line });
      }
    }
  }
  return { assignments, others };
}

/** The assignments of an environment file of systemd, valid or not. */
export function parseEnvironmentFile(text: string): readonly Assignment[] {
  return parseLines(text).assignments;
}

function hasControls(value: string): boolean {
  return /[\u0000-\u0008\u000b-\u001f\u007f]/.test(value);
}

/** Whether systemd passes it on: a name of letters, digits and `_`, a value without control characters but tab and line end. */
export function isPassedOn({ name, value }: Assignment): boolean {
  return isVariableName(name) && !hasControls(value);
}

/** An assignment that systemd does not pass on, with the reason. */
function droppedAssignment({ name, line }: Assignment): readonly DroppedLine[] {
  if (isVariableName(name)) return [{ name, line, why: 'control-characters' }];
  return [droppedByName(name, line) ?? []].flat();
}

/** An environment file of systemd: what is passed on, and the lines of Kapacitor's variables that are not. */
export function readSystemdFile(text: string): {
  readonly assignments: readonly Assignment[];
  readonly dropped: readonly DroppedLine[];
} {
  const { assignments, others } = parseLines(text);
  const lines = others.flatMap(({ text: line, line: number }): DroppedLine[] => {
    const name = variableIn(line);
    return name === undefined ? [] : [{ name, line: number, why: 'no-assignment' }];
  });
  const lost = assignments.filter((one) => !isPassedOn(one)).flatMap(droppedAssignment);
  return {
    assignments: assignments.filter(isPassedOn),
    dropped: [...lost, ...lines].toSorted((a, b) => a.line - b.line),
  };
}
