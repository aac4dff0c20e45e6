import { escape, unescape } from './escape.js';

/** The pairs of a query as url.ParseQuery takes them: malformed ones and those with `;` are left out. */
export function parseQuery(rawQuery: string): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (const part of rawQuery.split('&')) {
    if (part === '' || part.includes(';')) continue;
    const at = part.indexOf('=');
    const name = unescape(at < 0 ? part : part.slice(0, at), 'query');
    const value = at < 0 ? '' : unescape(part.slice(at + 1), 'query');
    if (name !== undefined && value !== undefined) pairs.push([name, value]);
  }
  return pairs;
}

/** The first value of a name, or "" (url.Values.Get). */
export function queryValue(pairs: readonly (readonly [string, string])[], name: string): string {
  return pairs.find(([key]) => key === name)?.[1] ?? '';
}

/** url.Values.Encode of pairs that stand in the order of their names. */
export function encodeQuery(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `${escape(name, 'query')}=${escape(value, 'query')}`).join('&');
}
