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

/** A key that a configuration file must not have. */
export function unknownKey(key: string, place: string, known: readonly string[]): Error {
  const near = nearest(key, known);
  const hint = near === undefined ? `Known are ${known.join(', ')}.` : `did you mean "${near}"?`;
  return usageError('unknown-config-key', `${place}: there is no key "${excerpt(key, 60)}"`, hint);
}
