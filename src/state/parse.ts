import { mergeFiles } from './merge.js';
import { Report, sortProblems, type Problem } from './problem.js';
import { readSource } from './read/read.js';
import type { Source } from './read/source.js';
import { fileRules } from './rules/file-rules.js';
import { itemsOf, runRules } from './rules/rule.js';
import type { ResolvePath } from './secret-ref.js';
import { readShape } from './shape.js';
import type { Wanted } from './wanted.js';

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
