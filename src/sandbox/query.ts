import { Buffer, isUtf8 } from 'node:buffer';
import { parseQuery as parsePairs } from '../go-compat/url.js';
import { toBinary } from '../go-compat/utf8.js';

/** Bytes that are not UTF-8 give a text that equals no other text. */
function textOf(binary: string): string {
  const bytes = Buffer.from(binary, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : `\udfff${binary}`;
}

/** The first value of each name in a query, read as Go's url.ParseQuery does: a malformed pair is dropped. */
export function parseQuery(query: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const pair of parsePairs(toBinary(query))) {
    const [name = '', value = ''] = pair.map(textOf);
    if (!values.has(name)) values.set(name, value);
  }
  return values;
}
