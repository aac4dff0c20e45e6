import path from 'node:path';
import type { Context } from '../../context.js';
import { type KapadminError, usageError } from '../../errors.js';
import type { FileText } from '../../files/files.js';
import { readStdin, readWithTimeout } from '../../settings/files-and-stdin.js';
import type { Factory } from '../../cli/factory.js';
import type { Secret } from '../../model/secret.js';
import { type ParsedState, parseState } from '../../desired-state/parse.js';
import { type CurrentState, type DesiredState, stateAfter } from '../../desired-state/desired-state.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import { pluralize, someLines } from '../../model/text.js';
import { ProblemReport, sortProblems, type StateProblem } from '../../desired-state/problems.js';
import { planChanges } from '../../desired-state/plan.js';
import { clusterRules, runStateRules } from '../../desired-state/validate.js';

/** A state file or a saved plan, as it was read. */
export interface StateInput {
  /** As it is named in messages. */
  readonly file: string;
  readonly text: string;
  /** The absolute path; undefined for standard input. */
  readonly path: string | undefined;
}

const maxStateFileBytes = 64 * 1024 * 1024;
const extensions = ['.yaml', '.yml', '.json'];

function decode(bytes: Uint8Array, place: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw usageError('not-text', `${place} is not valid UTF-8`);
  }
}

function namedText(file: string, path: string, { bytes, text }: FileText): StateInput {
  // What is not UTF-8 was replaced in the text: only such a file is decoded a second time.
  return { file, text: text.includes('\ufffd') ? decode(bytes, file) : text, path };
}

async function readNamed(file: string, context: Context): Promise<StateInput> {
  const absolutePath = path.resolve(context.cwd, file);
  const read = (end: AbortSignal): Promise<FileText> =>
    context.files.readFileOrPipe(absolutePath, maxStateFileBytes, end);
  return namedText(file, absolutePath, await readWithTimeout(context, file, file, read));
}

/** Not from a pipe: the file was not named by the user. */
async function readListed(file: string, context: Context): Promise<StateInput> {
  const absolutePath = path.resolve(context.cwd, file);
  return namedText(file, absolutePath, await context.files.read(absolutePath, maxStateFileBytes));
}

async function readFileOrFolder(name: string, context: Context): Promise<readonly StateInput[]> {
  if (name === '-') {
    const text = decode(await readStdin(context, 'standard input as -', maxStateFileBytes), 'standard input');
    return [{ file: 'stdin', text, path: undefined }];
  }
  if (name === '') throw usageError('cannot-read-file', 'a file name is empty');
  const entries = await context.files.list(path.resolve(context.cwd, name));
  if (entries === undefined) return [await readNamed(name, context)];
  const stateFiles = entries.filter(
    (file) => !file.startsWith('.') && extensions.includes(path.extname(file).toLowerCase()),
  );
  if (stateFiles.length === 0) throw usageError('empty-folder', `no ${extensions.join(', ')} file in ${name}`);
  const texts: StateInput[] = [];
  for (const file of stateFiles) texts.push(await readListed(path.join(name, file), context));
  return texts;
}

/** The texts of files, of the YAML and JSON files in folders, and of standard input (`-`), in this order. */
export async function readStateFiles(names: readonly string[], context: Context): Promise<readonly StateInput[]> {
  const texts: StateInput[] = [];
  for (const name of names) texts.push(...(await readFileOrFolder(name, context)));
  return texts;
}

/** The path of a secret that a state file names: from that file's folder, or where it came from a pipe from the working directory. */
export function secretPath(stateFile: string | undefined, secret: string, context: Pick<Context, 'cwd'>): string {
  return path.resolve(stateFile === undefined ? context.cwd : path.dirname(stateFile), secret);
}

/** Whether one absolute path is that of a folder or of what it holds. */
export function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

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

/** The users and roles of state files, as if nothing else existed. */
export interface FilesState extends CurrentState {
  readonly files: readonly string[];
}

const empty: CurrentState = { users: new Map(), roles: new Map() };
/** Problems that do not matter if files are only read. */
const notChecked = new Set(['no-password', 'hash-of-existing-user', 'lock-out']);

/** Reads the files of `--state`; no connection is made. Throws one usage error that lists what is wrong with them. */
export async function readFilesState(names: readonly string[], factory: Factory): Promise<FilesState> {
  const loaded = await loadState(names, true, factory);
  const report = new ProblemReport();
  const { desired } = loaded;
  const rules = clusterRules.filter(({ name }) => !notChecked.has(name));
  const facts = { desired, cluster: empty, protectedChanges: [], setPasswords: false, isFilesOnly: true };
  if (!loaded.isBroken) runStateRules(rules, facts, report);
  const found = sortProblems([...loaded.problems, ...loaded.place(report)], [...loaded.paths.keys()]);
  warnAboutProblems(found, factory.logger);
  if (found.some(isErrorProblem)) {
    throw problemsError(found, 'With --state, no other users and roles exist than those of the files.');
  }
  const { changes } = planChanges(desired, empty, { allowLockout: true });
  return { ...stateAfter(empty, changes), files: [...loaded.paths.keys()] };
}
