import { toValidUtf8 } from './text.js';
import { toBinary } from './utf8.js';

const simple: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

function isHigh(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}

/**
 * encoding/json unquote: the value of a string literal, given the text between its quotes (already scanned). Bytes
 * that are not UTF-8 and surrogates without their half become U+FFFD.
 */
export function unquote(body: string): string {
  if (!body.includes('\\')) return toValidUtf8(body);
  let value = '';
  let plain = 0;
  for (let i = body.indexOf('\\'); i >= 0; i = body.indexOf('\\', plain)) {
    value += body.slice(plain, i);
    const char = body[i + 1]!;
    plain = i + 2;
    if (char !== 'u') {
      value += simple[char]!;
      continue;
    }
    const code = parseInt(body.slice(i + 2, i + 6), 16);
    plain = i + 6;
    const next = body.startsWith('\\u', plain) ? parseInt(body.slice(plain + 2, plain + 6), 16) : 0;
    if (isHigh(code) && isLow(next)) {
      value += toBinary(String.fromCharCode(code, next));
      plain += 6;
    } else {
      value += toBinary(String.fromCharCode(code));
    }
  }
  return toValidUtf8(value + body.slice(plain));
}
