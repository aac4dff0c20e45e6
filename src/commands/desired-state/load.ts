import type { Deps } from '../../cli/factory.js';
import type { Secret } from '../../model/secret.js';
import { type NamedText, readStateFiles, secretPath } from '../../settings/state-files.js';
import { type ParsedState, parseState } from '../../desired-state/parse.js';
import type { Actual, Wanted } from '../../desired-state/desired-state.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import { type KapadminError, usageError } from '../../errors.js';
import type { Problem } from '../../desired-state/problems.js';

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

/** All users and roles of the cluster. */
export async function readCluster(deps: Deps, stop = deps.context.stop): Promise<Actual> {
  return readSnapshot(await deps.meta(), { users: 'all', roles: 'all' }, stop);
}

const mostErrors = 100;
const mostWarnings = 20;

/** A problem in one line, as editors and CI jobs read it. */
export function problemLine({ file, line, column, message, hint }: Problem): string {
  return `${file}:${line}:${column}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
}

export function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

/** Warns of problems that forbid nothing. */
export function warnOf(problems: readonly Problem[], notes: Deps['notes']): void {
  const warnings = problems.filter((problem) => !isError(problem));
  for (const problem of warnings.slice(0, mostWarnings)) notes.warn(problemLine(problem));
  if (warnings.length > mostWarnings)
    notes.warn(`and ${warnings.length - mostWarnings} more; those of the files alone: kapadmin plan --lint`);
}

/** The usage error that tells all errors among the problems. */
export function errorOf(problems: readonly Problem[]): KapadminError {
  const errors = problems.filter(isError);
  const lines = errors.slice(0, mostErrors).map(problemLine);
  if (errors.length > mostErrors) lines.push(`and ${errors.length - mostErrors} more`);
  const count = errors.length === 1 ? 'a problem' : `${errors.length} problems`;
  return usageError('bad-state', `${count} in the wanted state:`, 'Nothing was changed.', lines);
}
