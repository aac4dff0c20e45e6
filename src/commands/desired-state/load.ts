import type { Factory } from '../../cli/factory.js';
import type { Secret } from '../../model/secret.js';
import { type StateInput, readStateFiles, secretPath } from './read-state-files.js';
import { type ParsedState, parseState } from '../../desired-state/parse.js';
import type { CurrentState, DesiredState } from '../../desired-state/desired-state.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import { type KapadminError, usageError } from '../../errors.js';
import { pluralize, someLines } from '../../model/text.js';
import type { StateProblem } from '../../desired-state/problems.js';

export interface LoadedState extends ParsedState {
  /** The absolute path of each file by its name in messages; undefined for standard input. */
  readonly paths: ReadonlyMap<string, string | undefined>;
}

/** Parses the content of state files together. */
export function parseStateTexts(texts: readonly StateInput[], force: boolean, factory: Factory): LoadedState {
  const paths = new Map(texts.map(({ file, path }) => [file, path]));
  const parsed = parseState(texts, {
    force,
    resolve: (file, secret) => secretPath(paths.get(file), secret, factory.context),
  });
  return { ...parsed, paths };
}

/** Reads state files, directories and standard input (`-`). Throws usage errors for what cannot be read. */
export async function loadState(names: readonly string[], force: boolean, factory: Factory): Promise<LoadedState> {
  return parseStateTexts(await readStateFiles(names, factory.context), force, factory);
}

/** The hashes in the files, by user. */
export function hashesInFiles({ users }: DesiredState): ReadonlyMap<string, Secret> {
  return new Map([...users].flatMap(([name, { hashValue }]) => (hashValue === undefined ? [] : [[name, hashValue]])));
}

/** All users and roles of the cluster. */
export async function readCluster(factory: Factory, stop = factory.context.stop): Promise<CurrentState> {
  return readSnapshot(await factory.metaClient(), { users: 'all', roles: 'all' }, stop);
}

const maxErrors = 100;
const maxWarnings = 20;

/** A problem in one line, as editors and CI jobs read it. */
function problemLine({ file, line, column, message, hint }: StateProblem): string {
  return `${file}:${line}:${column}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
}

export function isErrorProblem({ severity }: StateProblem): boolean {
  return severity === 'error';
}

/** Prints the warnings among the problems. */
export function warnAboutProblems(problems: readonly StateProblem[], logger: Factory['logger']): void {
  const warnings = problems.filter((problem) => !isErrorProblem(problem));
  for (const problem of warnings.slice(0, maxWarnings)) logger.warn(problemLine(problem));
  if (warnings.length > maxWarnings)
    logger.warn(
      `${warnings.length - maxWarnings} more warnings are not shown. To list all: kapadmin plan --lint FILE...`,
    );
}

/** The usage error that lists all errors among the problems. */
export function problemsError(problems: readonly StateProblem[], hint = 'No changes were made.'): KapadminError {
  const errors = problems.filter(isErrorProblem);
  const lines = someLines(errors.map(problemLine), maxErrors);
  return usageError('bad-state', `${pluralize(errors.length, 'problem')} in the state files:`, hint, lines);
}
