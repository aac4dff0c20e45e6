import { usageError } from '../errors.js';
import { excerpt } from '../model/text.js';
import { placeOf, type Origin } from './origin.js';
import path from 'node:path';
import type { Context } from '../context.js';
import { Secret } from '../model/secret.js';
import type { GlobalFlags } from './flags.js';
import { parts, type Part, type PartName } from './parts.js';
import { splitUserinfo, type Userinfo } from './userinfo.js';

/** A value as a layer gives it, not yet understood. */
export interface Given {
  /** Paths are absolute, URLs without name and password. */
  readonly texts: readonly string[];
  /** In place of `texts`. */
  readonly secret?: Secret;
  /** The names and passwords that stood in the URLs. */
  readonly userinfo?: readonly Userinfo[];
  readonly origin: Origin;
}

export type Layer = ReadonlyMap<PartName, Given>;

/** @param folder where relative paths begin */
export function give(part: Part, texts: readonly string[], origin: Origin, folder: string): Given {
  switch (part.kind) {
    case 'secret':
      return { texts: [], secret: new Secret(texts.join('')), origin };
    case 'file':
      return { texts: texts.map((text) => path.resolve(folder, text)), origin };
    case 'urls': {
      const split = texts.map(splitUserinfo);
      const userinfo = split.flatMap((url) => url.userinfo ?? []);
      return { texts: split.map(({ url }) => url), ...(userinfo.length > 0 ? { userinfo } : {}), origin };
    }
    case 'text':
    case 'switch':
      return { texts, origin };
  }
}

function layer(entries: Iterable<readonly [PartName, Given]>): Layer {
  return new Map(entries);
}

export function flagLayer(flags: GlobalFlags, cwd: string): Layer {
  return layer(
    parts.flatMap((part) => {
      const value = part.option === undefined ? undefined : flags[part.option];
      if (value === undefined || part.flag === undefined) return [];
      const texts = Array.isArray(value) ? (value as readonly string[]) : [String(value)];
      return [[part.name, give(part, texts, { from: 'flag', name: part.flag }, cwd)] as const];
    }),
  );
}

/**
 * The URLs of a list with commas or spaces between them. What does not begin as a URL belongs to the one before it: a
 * password may hold a comma.
 */
function splitUrls(list: string): readonly string[] {
  const inner = list.replace(/^[\s,]+|[\s,]+$/g, '');
  return inner === '' ? [] : inner.split(/[\s,]+(?=[a-z][a-z0-9+.-]*:\/\/)/i);
}

/** An empty variable counts as unset. */
export function environmentLayer(env: Context['env'], cwd: string): Layer {
  return layer(
    parts.flatMap((part) => {
      const value = part.variable === undefined ? undefined : env[part.variable];
      if (value === undefined || value === '' || part.variable === undefined) return [];
      const texts = part.kind === 'urls' ? splitUrls(value) : [value];
      if (texts.length === 0) return [];
      return [[part.name, give(part, texts, { from: 'environment', name: part.variable }, cwd)] as const];
    }),
  );
}

export function defaultLayer(): Layer {
  return layer(
    parts.flatMap((part) =>
      part.standard === undefined ? [] : [[part.name, give(part, [part.standard], { from: 'default' }, '/')] as const],
    ),
  );
}

/** The one text of a setting and the place to name in an error; undefined where no layer sets it. */
export function textOf(given: Layer, name: PartName): { text: string; place: string } | undefined {
  const value = given.get(name);
  const text = value?.texts[0];
  return value === undefined || text === undefined ? undefined : { text, place: placeOf(value.origin, name) };
}

/** The error of a value that a setting cannot have. */
export function settingError(place: string, text: string, what: string, hint: string): Error {
  return usageError('bad-setting', `${place}: "${excerpt(text, 60)}" ${what}`, hint);
}

export function switchOf(given: Layer, name: PartName): boolean {
  const found = textOf(given, name);
  if (found === undefined) return false;
  const word = found.text.trim().toLowerCase();
  if (['true', 'yes', 'on', '1'].includes(word)) return true;
  if (['false', 'no', 'off', '0'].includes(word)) return false;
  throw settingError(found.place, found.text, 'is neither true nor false', 'Write true or false.');
}
