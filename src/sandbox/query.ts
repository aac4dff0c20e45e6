import { Buffer, isUtf8 } from 'node:buffer';

/** Bytes that are not UTF-8 give a text that equals no other text. */
function decode(text: string): string | undefined {
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return undefined;
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  const bytes = Buffer.from(
    Buffer.from(spaced, 'utf8')
      .toString('latin1')
      .replace(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
  return isUtf8(bytes) ? bytes.toString('utf8') : `\udfff${bytes.toString('latin1')}`;
}

/** The first value of each name in a query, read as Go's url.ParseQuery does: a malformed pair is dropped. */
export function parseQuery(query: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const pair of query.split('&')) {
    if (pair === '' || pair.includes(';')) continue;
    const end = pair.indexOf('=');
    const name = decode(end < 0 ? pair : pair.slice(0, end));
    const value = decode(end < 0 ? '' : pair.slice(end + 1));
    if (name !== undefined && value !== undefined && !values.has(name)) values.set(name, value);
  }
  return values;
}
