import { usageError } from '../errors.js';
import { nearest } from '../model/nearest.js';
import { excerpt } from '../model/text.js';

/** A mapping of a configuration file. Throws a usage error for anything else; nothing at all is an empty mapping. */
export function mapping(value: unknown, place: string): ReadonlyMap<string, unknown> {
  if (value === undefined || value === null) return new Map();
  const plain = typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
  if (!plain) throw usageError('bad-config', `${place}: it must be a mapping of keys to values`);
  return new Map(Object.entries(value));
}

/** A value as texts: a text, number or boolean; where `list` is true also a list of them. */
export function texts(value: unknown, place: string, list: boolean): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (list && Array.isArray(value) && value.length > 0) return value.flatMap((item) => texts(item, place, false));
  throw usageError('bad-config', `${place}: it must be a text${list ? ' or a list of texts' : ''}`);
}

/**
 * The error of the key in a configuration file that it must not have. One that is like no known key is told by its
 * number: it may be a password in a wrong place.
 */
export function unknownKey(keys: Iterable<string>, place: string, known: readonly string[]): Error | undefined {
  const all = [...keys];
  const at = all.findIndex((key) => !known.includes(key));
  const key = all[at];
  if (key === undefined) return undefined;
  const near = nearest(key, known);
  const shown = near === undefined ? `number ${at + 1}` : `"${excerpt(key, 60)}"`;
  const hint = near === undefined ? `Known are ${known.join(', ')}.` : `Did you mean "${near}"?`;
  return usageError('unknown-config-key', `${place}: unknown key ${shown}`, hint);
}
