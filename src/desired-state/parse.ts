import { type Problem, Report, sortProblems, type Source, spotAt } from './problems.js';
import { fileRules, itemsOf, runRules } from './rules.js';
import { type FileState, readShape, type ResolvePath } from './state-file.js';
import type { StateOptions, Wanted, WantedRole, WantedUser } from './desired-state.js';
import { excerpt } from '../model/text.js';
import { readJson } from './json-source.js';
import { readYaml } from './yaml-source.js';

export interface StateFile {
  /** As it is named in problems. */
  readonly file: string;
  readonly text: string;
}

export interface ParseOptions {
  /** Unknown permissions are warnings. */
  readonly force?: boolean;
  /** Paths of secrets are taken from the file's folder; as they stand by default. */
  readonly resolve?: ResolvePath;
}

export interface ParsedState {
  /** What the files say; with errors among the problems, as far as it could be read. */
  readonly wanted: Wanted;
  readonly problems: readonly Problem[];
  /** A file could not be read at all: what it names is missing in `wanted`. */
  readonly isBroken: boolean;
  /** Gives the faults of a report their places, sorted. */
  place(report: Report): readonly Problem[];
}

/** The value of a source is let go as soon as it is read. */
type Located = Omit<Source, 'value'>;

/** What is left of a file with a syntax error would only give problems that are none. */
function isBroken({ problems }: Located): boolean {
  return problems.some(({ code }) => code === 'syntax');
}

/** Looks up where the faults of a report stand. */
function placeFaults({ faults }: Report, sources: readonly Located[]): readonly Problem[] {
  return sources.flatMap((source) => {
    const own = faults.filter(({ spot }) => spot.file === source.file);
    const positions = own.length === 0 ? [] : source.locate(own.map(({ spot }) => spot));
    return own.map(({ spot, ...fault }, i): Problem => {
      return { ...fault, file: spot.file, ...(positions[i] ?? { line: 1, column: 1 }) };
    });
  });
}

/** Reads files of wanted state together: what they say, and all that is wrong with it, each with its place. */
export function parseState(files: readonly StateFile[], options: ParseOptions = {}): ParsedState {
  const { force = false, resolve = (_, path) => path } = options;
  const names = files.map(({ file }) => file);
  const report = new Report();
  const sources: Located[] = [];
  const states = files.map(({ file, text }) => {
    const { value, ...source } = readSource(file, text);
    sources.push(source);
    return readShape(file, isBroken(source) ? undefined : value, report, resolve);
  });
  const wanted = mergeFiles(states, report);
  runRules(fileRules, { wanted, items: itemsOf(wanted), force }, report);
  const place = (given: Report): readonly Problem[] => sortProblems(placeFaults(given, sources), names);
  const found = sources.flatMap(({ problems }) => problems);
  const problems = sortProblems([...found, ...placeFaults(report, sources)], names);
  return { wanted, problems, isBroken: sources.some(isBroken), place };
}

function collect<T extends WantedUser | WantedRole>(
  key: 'users' | 'roles',
  lists: readonly (readonly T[])[],
  report: Report,
): ReadonlyMap<string, T> {
  const all = new Map<string, T>();
  for (const item of lists.flat()) {
    const there = all.get(item.name);
    if (there === undefined) all.set(item.name, item);
    else {
      const what = key === 'users' ? 'user' : 'role';
      const message = `${what} "${excerpt(item.name, 60)}" stands in ${excerpt(there.file)} already`;
      report.error('duplicate', message, spotAt(item.file, key, item.name));
    }
  }
  return all;
}

/** An option that files set: all that set it must agree. */
function agreed<K extends 'manage' | 'materializeRoles'>(
  key: K,
  files: readonly FileState[],
  report: Report,
): FileState['options'][K] | undefined {
  const [first, ...others] = files.filter(({ options }) => options[key] !== undefined);
  for (const { file, options } of others) {
    if (options[key] === first?.options[key]) continue;
    const message = `${key} is ${String(options[key])} here and ${String(first?.options[key])} in ${excerpt(first?.file ?? '')}`;
    report.error('options-differ', message, spotAt(file, 'options', key));
  }
  return first?.options[key];
}

function mergeOptions(files: readonly FileState[], report: Report): StateOptions {
  return {
    manage: agreed('manage', files, report) ?? 'listed',
    managedBy: (files.find(({ options }) => options.manage !== undefined) ?? files[0])?.file ?? '',
    materializeRoles: agreed('materializeRoles', files, report) ?? false,
    absentUsers: new Set(files.flatMap(({ options }) => options.absentUsers)),
    absentRoles: new Set(files.flatMap(({ options }) => options.absentRoles)),
  };
}

/** The wanted state of several files together. */
export function mergeFiles(files: readonly FileState[], report: Report): Wanted {
  return {
    users: collect(
      'users',
      files.map(({ users }) => users),
      report,
    ),
    roles: collect(
      'roles',
      files.map(({ roles }) => roles),
      report,
    ),
    options: mergeOptions(files, report),
  };
}

const byteOrderMark = 0xfeff;

/** Reads a file of wanted state, JSON or YAML, whatever its name. */
export function readSource(file: string, given: string): Source {
  const text = given.charCodeAt(0) === byteOrderMark ? given.slice(1) : given;
  const json = /^\s*[{[]/.test(text) ? readJson(file, text) : undefined;
  return json ?? readYaml(file, text);
}
