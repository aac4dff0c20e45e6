import type { Deps } from '../../deps.js';
import type { Secret } from '../../model/secret.js';
import { readStateFiles, secretPath, type NamedText } from '../../settings/state-files.js';
import { parseState, type ParsedState } from '../../desired-state/parse.js';
import type { Wanted } from '../../desired-state/desired-state.js';

export interface LoadedState extends ParsedState {
  /** The whole path of each file by its name in messages; undefined for standard input. */
  readonly paths: ReadonlyMap<string, string | undefined>;
}

/** What files of wanted state say together. */
export function parseTexts(texts: readonly NamedText[], force: boolean, deps: Deps): LoadedState {
  const paths = new Map(texts.map(({ file, path }) => [file, path]));
  const parsed = parseState(texts, {
    force,
    resolve: (file, secret) => secretPath(paths.get(file), secret, deps.context),
  });
  return { ...parsed, paths };
}

/** Reads files, folders and standard input (`-`) of wanted state. Throws usage errors for what cannot be read. */
export async function loadState(names: readonly string[], force: boolean, deps: Deps): Promise<LoadedState> {
  return parseTexts(await readStateFiles(names, deps.context), force, deps);
}

/** The hashes that stand in the files, by user. */
export function hashesOf({ users }: Wanted): ReadonlyMap<string, Secret> {
  return new Map([...users].flatMap(([name, { hashValue }]) => (hashValue === undefined ? [] : [[name, hashValue]])));
}
