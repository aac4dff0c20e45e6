import type { StopSignal } from '../context.js';
import { type ErrorKind, KapadminError, stopKind } from '../errors.js';
import { type Change, toDo } from './change.js';

/** How a change ended. */
export type Outcome =
  | { readonly status: 'done' }
  /** It was so already: nothing was sent for it. */
  | { readonly status: 'unchanged' }
  /** It did not happen. */
  | { readonly status: 'failed'; readonly error: KapadminError }
  /** It was sent, and whether it happened could not be found out. */
  | { readonly status: 'unknown'; readonly error: KapadminError }
  /** Nothing was sent for it; `because` is absent where the run was stopped before it. */
  | { readonly status: 'not-started'; readonly because?: string };

export type Status = Outcome['status'];

export type Entry = Outcome & { readonly change: Change };

/** What became of each change, in the order in which they were given. */
export interface Account {
  readonly entries: readonly Entry[];
  /** The signal that stopped the run before its end. */
  readonly stopped?: StopSignal;
}

const mostNamed = 3;

function isRight(entry: Entry): boolean {
  return entry.status === 'done' || entry.status === 'unchanged';
}

/** One word for the end of all changes to one user or role; undefined where nothing was tried. */
function endOfTarget(entries: readonly Entry[]): ErrorKind | undefined {
  const failed = entries.flatMap((entry) => (entry.status === 'failed' ? [entry.error.kind] : []));
  if (entries.some((entry) => entry.status === 'unknown')) return 'partial';
  if (failed.length > 0) {
    const kind = failed[0] ?? 'partial';
    return entries.some((entry) => entry.status === 'done') || failed.some((other) => other !== kind)
      ? 'partial'
      : kind;
  }
  return entries.some(isRight) ? 'done' : undefined;
}

/**
 * The end of a run: `done` when all is as wanted; the common kind of the errors when nothing else happened; else
 * `partial`; that of the signal when it was stopped before its end.
 */
export function endOf(account: Account): ErrorKind {
  const { entries, stopped } = account;
  if (entries.every(isRight)) return 'done';
  if (entries.some((entry) => 'error' in entry && entry.error.kind === 'bug')) return 'bug';
  if (stopped !== undefined) return stopKind(stopped);
  const targets = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = `${entry.change.on} ${entry.change.name}`;
    const same = targets.get(key);
    if (same) same.push(entry);
    else targets.set(key, [entry]);
  }
  const ends = new Set([...targets.values()].map(endOfTarget));
  ends.delete(undefined);
  const [only] = ends;
  return ends.size === 1 && only !== undefined && only !== 'done' ? only : 'partial';
}

function counts(entries: readonly Entry[]): string {
  const of = (status: Status): number => entries.filter((entry) => entry.status === status).length;
  const parts = [
    [of('done') + of('unchanged'), 'done'],
    [of('failed'), 'failed'],
    [of('unknown'), 'unknown'],
    [of('not-started'), 'not started'],
  ] as const;
  return parts.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : [])).join(', ');
}

function fault(entry: Entry): string {
  if (entry.status === 'failed' || entry.status === 'unknown') return entry.error.message;
  const why = entry.status === 'not-started' ? entry.because : undefined;
  return why === undefined ? `${toDo(entry.change)}: not started` : `${toDo(entry.change)}: ${why}`;
}

/** The error of an account that is not all done, naming what failed; undefined where all is as wanted. */
export function failureOf(account: Account): KapadminError | undefined {
  const { entries, stopped } = account;
  const end = endOf(account);
  if (end === 'done') return undefined;
  const wrong = entries.filter((entry) => !isRight(entry));
  const errors = wrong.flatMap((entry) => (entry.status === 'failed' || entry.status === 'unknown' ? [entry] : []));
  const [first] = errors;
  const hint = first?.error.hint;
  if (errors.length === 1 && first?.status === 'failed' && end === first.error.kind && stopped === undefined) {
    return new KapadminError(end, first.error.code, first.error.message, { hint, cause: first.error });
  }
  const named = (errors.length > 0 ? errors : wrong).slice(0, mostNamed).map(fault);
  const more = (errors.length > 0 ? errors : wrong).length - named.length;
  const what = stopped === undefined ? '' : `stopped by ${stopped}: `;
  const rest = more > 0 ? `; and ${more} more` : '';
  const code = stopped !== undefined ? end : end === 'partial' ? 'partly-done' : (first?.error.code ?? end);
  return new KapadminError(end, code, `${what}${counts(entries)}: ${named.join('; ')}${rest}`, {
    hint,
    cause: first?.error,
  });
}

/** The same failure for a reader who has seen each error: only how many there are. */
export function countedFailure({ entries, stopped }: Account, failure: KapadminError): KapadminError {
  const what = stopped === undefined ? '' : `stopped by ${stopped}: `;
  const message = `${what}${counts(entries)}; each is named in the output`;
  return new KapadminError(failure.kind, failure.code, message, { hint: failure.hint, cause: failure });
}
