import { decodeRune } from '../../go-compat/utf8.js';
import type { JsonBody } from '../../auth-engine/trace.js';

const named: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escaped(codePoint: number): string {
  return `\\u${codePoint.toString(16).padStart(4, '0')}`;
}

/** A binary string as encoding/json writes it (encode.go, appendString, with escapeHTML). */
function quote(binary: string): string {
  let text = '"';
  for (let at = 0; at < binary.length;) {
    const { codePoint, width, invalid } = decodeRune(binary, at);
    const bytes = binary.slice(at, at + width);
    at += width;
    if (named[bytes] !== undefined) text += named[bytes];
    else if (invalid || codePoint < 0x20 || '<>&'.includes(bytes)) text += escaped(codePoint);
    else if (codePoint === 0x2028 || codePoint === 0x2029) text += escaped(codePoint);
    else text += bytes;
  }
  return `${text}"`;
}

/** The members of an array or object, each already written. */
function members(value: Exclude<JsonBody, string>, colon: string, write: (value: JsonBody) => string): string[] {
  if (Array.isArray(value)) return value.map((item: JsonBody) => write(item));
  return Object.entries<JsonBody>(value as { readonly [key: string]: JsonBody }).map(
    ([key, item]) => quote(key) + colon + write(item),
  );
}

/** Go's json.Marshal. */
export function compactJson(value: JsonBody): string {
  if (typeof value === 'string') return quote(value);
  const text = members(value, ':', compactJson).join(',');
  return Array.isArray(value) ? `[${text}]` : `{${text}}`;
}

/** Go's json.MarshalIndent with four blanks. */
export function prettyJson(value: JsonBody, margin = ''): string {
  if (typeof value === 'string') return quote(value);
  const inner = `${margin}    `;
  const lines = members(value, ': ', (item) => prettyJson(item, inner));
  const text = lines.length === 0 ? '' : `\n${lines.map((line) => inner + line).join(',\n')}\n${margin}`;
  return Array.isArray(value) ? `[${text}]` : `{${text}}`;
}
