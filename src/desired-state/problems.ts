/** Keys and indexes that lead to a place in a file. */
export type SpotPath = readonly (string | number)[];

/** A place in a file, from the inside out: a key or an index, below another place. */
export interface Spot {
  readonly file: string;
  /** Absent for the file itself. */
  readonly step?: string | number;
  readonly above?: Spot;
  /** The value of the key, not the key itself. */
  readonly value?: true;
}

/** A spot one key or index further down. */
export function spotBelow(above: Spot, step: string | number): Spot {
  return { file: above.file, step, above };
}

/** A spot that these keys and indexes lead to. */
export function spotAt(file: string, ...path: SpotPath): Spot {
  return path.reduce<Spot>(spotBelow, { file });
}

export function spotPath({ step, above }: Spot): SpotPath {
  return step === undefined || above === undefined ? [] : [...spotPath(above), step];
}

/** From 1; columns count UTF-16 units. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** A problem of the desired state: an error prevents the plan, a warning does not. */
export interface StateFault {
  readonly severity: 'error' | 'warning';
  /** A stable word for scripts. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** A problem with its position. */
export interface StateProblem extends StateFault, SourcePosition {
  readonly file: string;
}

/** Collects problems and their spots; the positions are looked up at the end, all at once. */
export class ProblemReport {
  readonly faults: (StateFault & { readonly spot: Spot })[] = [];

  error(code: string, message: string, spot: Spot, hint?: string): void {
    this.faults.push({ severity: 'error', code, message, hint, spot });
  }

  warn(code: string, message: string, spot: Spot, hint?: string): void {
    this.faults.push({ severity: 'warning', code, message, hint, spot });
  }
}

/** By file in the order given, then by line, column and message. */
export function sortProblems(problems: readonly StateProblem[], files: readonly string[]): readonly StateProblem[] {
  const rank = new Map(files.map((file, i) => [file, i]));
  return [...problems].sort(
    (a, b) =>
      (rank.get(a.file) ?? 0) - (rank.get(b.file) ?? 0) ||
      a.line - b.line ||
      a.column - b.column ||
      (a.message < b.message ? -1 : 1),
  );
}

/** A parsed file: its value as plain data, and the positions of its parts. */
export interface StateSource {
  readonly file: string;
  /** Objects, arrays, strings, booleans, null; for JSON also numbers. */
  readonly value: unknown;
  /** Syntax errors and duplicate keys. After an error the value may be incomplete. */
  readonly problems: readonly StateProblem[];
  /** The position of each spot; for a missing one, that of the nearest parent. */
  locate(spots: readonly Spot[]): readonly SourcePosition[];
}

/** Line and column of an offset. The lines are counted once, on first use. */
export function positionFinder(text: string): (offset: number) => SourcePosition {
  let starts: number[] | undefined;
  const count = (): number[] => {
    const found = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) found.push(at + 1);
    return found;
  };
  return (offset) => {
    starts ??= count();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
