import { type ErrorKind, KapadminError, stopKind } from '../errors.js';

/** How one of several things ended that a command does. */
interface Outcome {
  readonly status: 'planned' | 'flushed' | 'done' | 'unchanged' | 'failed' | 'unknown' | 'not-started';
  readonly error?: KapadminError;
}

const successes: ReadonlySet<Outcome['status']> = new Set(['planned', 'flushed', 'done', 'unchanged']);
const maxNamed = 3;

/** What is unknown is partly done; what was not started says nothing. */
function kindOf({ status, error }: Outcome): ErrorKind | [] {
  return status === 'unknown' ? 'partial' : (error?.kind ?? []);
}

/**
 * The error of what failed, `undefined` where nothing did: the common kind of the errors, or `partial`. It names up to
 * three errors, and counts more.
 */
export function outcomesError(outcomes: readonly Outcome[], not: string, stop: AbortSignal): KapadminError | undefined {
  const missed = outcomes.filter(({ status }) => !successes.has(status));
  if (missed.length === 0) return undefined;
  const errors = missed.flatMap(({ error }) => error ?? []);
  const [first] = errors;
  const kinds = new Set(outcomes.flatMap((one) => (successes.has(one.status) ? 'done' : kindOf(one))));
  const [only = 'partial'] = kinds;
  const end = stop.aborted ? stopKind(stop.reason) : kinds.size === 1 && only !== 'done' ? only : 'partial';
  const named = errors.length > maxNamed ? ['each is listed in the output'] : errors.map(({ message }) => message);
  const counted = `${missed.length} of ${outcomes.length} ${not}`;
  const message = outcomes.length === 1 && first !== undefined ? first.message : [counted, ...named].join('; ');
  const code = kinds.size === 1 && first !== undefined ? first.code : 'partly-done';
  return new KapadminError(end, code, message, { hint: first?.hint, cause: first });
}
