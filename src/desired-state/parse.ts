import { ProblemReport, sortProblems, spotAt, type StateProblem, type StateSource } from './problems.js';
import { fileRules, listItems, runStateRules } from './validate.js';
import { readStateFile, type ResolvePath, type StateFile } from './state-file-keys.js';
import type { DesiredRole, DesiredState, DesiredUser, StateOptions } from './desired-state.js';
import { excerpt } from '../model/text.js';
import { readJsonSource, readYamlSource } from './yaml-and-json.js';

export interface StateFileText {
  /** As it is named in problems. */
  readonly file: string;
  readonly text: string;
}

export interface ParseStateOptions {
  /** Unknown permissions are warnings. */
  readonly force?: boolean;
  /** Resolves paths of secrets relative to the file's directory; unchanged by default. */
  readonly resolve?: ResolvePath;
}

export interface ParsedState {
  /** The content of the files; with errors among the problems, as much as could be read. */
  readonly desired: DesiredState;
  readonly problems: readonly StateProblem[];
  /** A file could not be parsed at all: its users and roles are missing in `desired`. */
  readonly isBroken: boolean;
  /** Gives the faults of a report their places, sorted. */
  place(report: ProblemReport): readonly StateProblem[];
}

/** The value of a source is let go as soon as it is read. */
type LocatedSource = Omit<StateSource, 'value'>;

/** The rest of a file with a syntax error would only cause false problems. */
function isBroken({ problems }: LocatedSource): boolean {
  return problems.some(({ code }) => code === 'syntax');
}

/** Locates the problems of a report. */
function placeFaults({ faults }: ProblemReport, sources: readonly LocatedSource[]): readonly StateProblem[] {
  return sources.flatMap((source) => {
    const own = faults.filter(({ spot }) => spot.file === source.file);
    const positions = own.length === 0 ? [] : source.locate(own.map(({ spot }) => spot));
    return own.map(({ spot, ...fault }, i): StateProblem => {
      return { ...fault, file: spot.file, ...(positions[i] ?? { line: 1, column: 1 }) };
    });
  });
}

/** Parses state files together: the desired state, and all problems with their positions. */
export function parseState(files: readonly StateFileText[], options: ParseStateOptions = {}): ParsedState {
  const { force = false, resolve = (_, path) => path } = options;
  const names = files.map(({ file }) => file);
  const report = new ProblemReport();
  const sources: LocatedSource[] = [];
  const states = files.map(({ file, text }) => {
    const { value, ...source } = readSource(file, text);
    sources.push(source);
    if (value === null && !isBroken(source))
      report.warn('empty-file', 'the file has no users and no roles', spotAt(file));
    return readStateFile(file, isBroken(source) ? undefined : value, report, resolve);
  });
  const desired = mergeStateFiles(states, report);
  runStateRules(fileRules, { desired, items: listItems(desired), force }, report);
  const place = (given: ProblemReport): readonly StateProblem[] => sortProblems(placeFaults(given, sources), names);
  const found = sources.flatMap(({ problems }) => problems);
  const problems = sortProblems([...found, ...placeFaults(report, sources)], names);
  return { desired, problems, isBroken: sources.some(isBroken), place };
}

function collectByName<T extends DesiredUser | DesiredRole>(
  key: 'users' | 'roles',
  lists: readonly (readonly T[])[],
  report: ProblemReport,
): ReadonlyMap<string, T> {
  const all = new Map<string, T>();
  for (const item of lists.flat()) {
    const existing = all.get(item.name);
    if (existing === undefined) all.set(item.name, item);
    else {
      const what = key === 'users' ? 'user' : 'role';
      const message = `${what} "${excerpt(item.name, 60)}" is already defined in ${excerpt(existing.file)}`;
      report.error('duplicate', message, spotAt(item.file, key, item.name));
    }
  }
  return all;
}

/** An option that files set: all that set it must agree. */
function agreedOption<K extends 'manage' | 'materializeRoles'>(
  key: K,
  files: readonly StateFile[],
  report: ProblemReport,
): StateFile['options'][K] | undefined {
  const [first, ...others] = files.filter(({ options }) => options[key] !== undefined);
  for (const { file, options } of others) {
    if (options[key] === first?.options[key]) continue;
    const message = `${key} is ${String(options[key])} here and ${String(first?.options[key])} in ${excerpt(first?.file ?? '')}`;
    report.error('options-differ', message, spotAt(file, 'options', key));
  }
  return first?.options[key];
}

function mergeOptions(files: readonly StateFile[], report: ProblemReport): StateOptions {
  return {
    manage: agreedOption('manage', files, report) ?? 'listed',
    managedBy: (files.find(({ options }) => options.manage !== undefined) ?? files[0])?.file ?? '',
    materializeRoles: agreedOption('materializeRoles', files, report) ?? false,
    absentUsers: new Set(files.flatMap(({ options }) => options.absentUsers)),
    absentRoles: new Set(files.flatMap(({ options }) => options.absentRoles)),
  };
}

/** The desired state of several files together. */
function mergeStateFiles(files: readonly StateFile[], report: ProblemReport): DesiredState {
  return {
    users: collectByName(
      'users',
      files.map(({ users }) => users),
      report,
    ),
    roles: collectByName(
      'roles',
      files.map(({ roles }) => roles),
      report,
    ),
    options: mergeOptions(files, report),
  };
}

const byteOrderMark = 0xfeff;

/** Parses a state file, JSON or YAML, whatever its name. */
function readSource(file: string, given: string): StateSource {
  const text = given.charCodeAt(0) === byteOrderMark ? given.slice(1) : given;
  const json = /^\s*[{[]/.test(text) ? readJsonSource(file, text) : undefined;
  return json ?? readYamlSource(file, text);
}
