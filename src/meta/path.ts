import { usageError } from '../errors.js';
import { quoted } from './shown.js';

/** A path with a query. Throws a usage error for a value that is no Unicode text and so cannot be sent. */
export function pathOf(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const pairs = Object.entries(query).flatMap(([key, value]) => {
    if (value === undefined) return [];
    if (/[\ud800-\udfff]/u.test(value))
      throw usageError('invalid-unicode', `${key} ${quoted(value)} is not valid Unicode`);
    return `${key}=${encodeURIComponent(value)}`;
  });
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}
