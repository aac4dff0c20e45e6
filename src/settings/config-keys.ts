import { usageError } from '../errors.js';
import { nearest } from '../model/text.js';

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

/** Words of letters: a key that is spelled in another way may be a secret. */
const plainKey = /^(?=.{1,40}$)[A-Za-z]+(?:[-_][A-Za-z]+)*$/;

/**
 * The error of the key in a configuration file that it must not have. Only one of letters that is near a known key, or
 * the name of a flag, is repeated; another is told by its number: it may be a password in a wrong place.
 * @param flags what only a flag sets, by the name that a key would have
 */
export function unknownKey(
  keys: Iterable<string>,
  place: string,
  known: readonly string[],
  flags: ReadonlyMap<string, string> = new Map(),
): Error | undefined {
  const all = [...keys];
  const at = all.findIndex((key) => !known.includes(key));
  const key = all[at];
  if (key === undefined) return undefined;
  const told = (shown: string, hint: string): Error =>
    usageError('unknown-config-key', `${place}: unknown key ${shown}`, hint);
  const flag = flags.get(key);
  if (flag !== undefined) return told(`"${key}"`, `It is only a flag: ${flag}. Known are ${known.join(', ')}.`);
  const near = plainKey.test(key) ? nearest(key, known) : undefined;
  if (near !== undefined) return told(`"${key}"`, `Did you mean "${near}"?`);
  return told(`number ${at + 1}`, `Known are ${known.join(', ')}.`);
}
