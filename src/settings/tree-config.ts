import type { Context } from '../context.js';
import { usageError } from '../errors.js';
import { escapeControls } from '../model/text.js';
import { findTreeConfig } from './config-find.js';
import { mapping, texts, unknownKey } from './config-keys.js';
import { give, type Given, type Layer } from './layers.js';
import { placeOf, type Origin } from './origin.js';
import { parts, treeParts, type PartName } from './parts.js';

function foreign(key: string, place: string): Error {
  const part = parts.find(({ name, inProfile }) => name === key && inProfile);
  if (part === undefined) return unknownKey(key, place, treeParts);
  const message = `${place}: a file of the working tree may not set "${key}", only ${treeParts.join(' and ')}`;
  return usageError(
    'not-for-working-tree',
    message,
    `It belongs into a profile of your own (kapadmin profile add) or into ${part.variable ?? part.flag}.`,
  );
}

/** Understands the data of a working tree's file. Throws a usage error for all that it may not set. */
export function readTreeConfig(data: unknown, file: string): Layer {
  const shown = escapeControls(file);
  const origin: Origin = { from: 'working-tree', file };
  const given = new Map<PartName, Given>();
  for (const [key, value] of mapping(data, shown)) {
    const part = parts.find(({ name }) => name === key && treeParts.includes(name));
    if (part === undefined) throw foreign(key, shown);
    const place = placeOf(origin, key);
    const one = give(part, texts(value, place, part.kind === 'urls'), origin, '/');
    if (one.userinfo !== undefined) {
      throw usageError(
        'not-for-working-tree',
        `${place}: the URL holds a user name or password`,
        'They belong into a profile of your own (kapadmin profile add).',
      );
    }
    given.set(part.name, one);
  }
  return given;
}

/** What the working tree sets, undefined where it has no file. */
export async function loadTreeConfig(context: Context, flag: string | undefined): Promise<Layer | undefined> {
  const found = await findTreeConfig(context, flag);
  if (found === undefined) return undefined;
  const { loadConfig } = await import('./config-load.js');
  return readTreeConfig(await loadConfig(found.file), found.file);
}
