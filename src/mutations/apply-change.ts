import type { Clock } from '../context.js';
import { KapadminError } from '../errors.js';
import { type DeliveryStatus, MetaError } from '../meta/errors.js';
import type { Outcome } from './summary.js';
import type { Change } from './change.js';
import { isAlreadySo } from './guard.js';

/** What one change needs of the outside. */
export interface Reach {
  /** Sends the write once; rejects with the error of the client. */
  send(change: Change): Promise<void>;
  /** Whether a read shows what the change makes; undefined where a read cannot tell. */
  shows(change: Change): Promise<boolean | undefined>;
  /** Whether what already exists is what a create would have made, its password included; undefined while unseen. */
  matches(change: Change): Promise<boolean | undefined>;
  readonly clock: Clock;
  /** Aborted: nothing more is sent, only looked for. */
  readonly stop: AbortSignal;
  /** Aborted: no more waiting at all. */
  readonly end: AbortSignal;
}

/** Errors of ours come before anything is sent. */
function fateOf(error: KapadminError): DeliveryStatus {
  return error instanceof MetaError ? error.deliveryStatus : 'not-sent';
}

/** To send these twice is as good as once; a create or delete is looked for before it is sent again. */
function isRepeatable(change: Change): boolean {
  return change.action !== 'create' && change.action !== 'delete';
}

/**
 * Whether the server refused only what is as desired: gone already, or made by a run before this one whose request was
 * still under way. What exists otherwise is a conflict.
 */
async function isAsDesired(change: Change, error: KapadminError, reach: Reach): Promise<boolean> {
  if (!isAlreadySo(change, error)) return false;
  if (change.action === 'delete') return true;
  const { clock, end } = reach;
  const until = clock.now() + changePolicy.lag;
  while (!end.aborted) {
    try {
      const same = await reach.matches(change);
      if (same !== undefined) return same;
    } catch (caught) {
      if (!(caught instanceof KapadminError)) throw caught;
    }
    if (clock.now() >= until) return false;
    await clock.sleep(changePolicy.every, end);
  }
  return false;
}

/** Reads until the change shows, or the lag of a read is over; undefined where reads cannot tell. */
async function lookFor(change: Change, reach: Reach): Promise<boolean | undefined> {
  const { clock, end } = reach;
  const until = clock.now() + changePolicy.lag;
  for (let failures = 0; ;) {
    try {
      const seen = await reach.shows(change);
      if (seen !== false) return seen;
      if (clock.now() >= until) return false;
    } catch (error) {
      if (!(error instanceof KapadminError)) throw error;
      failures += 1;
      if (failures > changePolicy.reads) return undefined;
    }
    if (end.aborted) return undefined;
    await clock.sleep(changePolicy.every, end);
  }
}

/** Nothing was sent because we were told to stop. */
function isStopped(error: KapadminError): boolean {
  return error.kind === 'interrupted' || error.kind === 'terminated' || error.kind === 'hung-up';
}

/** The server answered an error of its own: the request is over, though it may have been carried out. */
function isServerError(error: KapadminError): boolean {
  return error instanceof MetaError && error.status !== undefined && error.status >= 500;
}

/**
 * Carries out one change to a known end. A write of unknown fate is looked for by reading and sent again only if it did
 * not happen; where a second time does no harm it is sent again at once, and looked for at the end. An answer that
 * only meets our own first try counts as done; one that meets what is as desired anyway, as unchanged.
 */
export async function carryOut(change: Change, reach: Reach): Promise<Outcome> {
  const { clock, stop } = reach;
  let doubt: KapadminError | undefined;
  for (let repeat = 0; ; repeat++) {
    let error: KapadminError;
    try {
      await reach.send(change);
      return { status: 'done' };
    } catch (caught) {
      if (!(caught instanceof KapadminError)) throw caught;
      error = caught;
    }
    const fate = fateOf(error);
    if (doubt === undefined && fate !== 'unknown') {
      if (fate === 'answered' && (await isAsDesired(change, error, reach))) return { status: 'unchanged' };
      return fate === 'not-sent' && isStopped(error) ? { status: 'not-started' } : { status: 'failed', error };
    }
    if (fate === 'answered' && isAlreadySo(change, error)) return { status: 'done' };
    if (doubt === undefined || (fate === 'unknown' && isServerError(doubt))) doubt = error;
    const most = isServerError(error) ? changePolicy.repeatsOfErrors : changePolicy.repeats;
    const mayRepeat = repeat < most && fate !== 'answered';
    if (mayRepeat && isRepeatable(change)) {
      await clock.sleep(pauseBefore(repeat), stop);
      if (!stop.aborted) continue;
    }
    const seen = await lookFor(change, reach);
    if (seen === true) return { status: 'done' };
    if (seen === false && fate === 'answered') return { status: 'failed', error };
    if (seen === false && !mayRepeat && isServerError(doubt)) return { status: 'failed', error: doubt };
    if (seen === undefined || !mayRepeat || stop.aborted) return { status: 'unknown', error: doubt };
    await clock.sleep(pauseBefore(repeat), stop);
    if (stop.aborted) return { status: 'unknown', error: doubt };
  }
}

/**
 * How the executor meets a write whose fate is unknown, and an interruption. What is known not to have been sent, and
 * the wait for a leader, are the client's own policy (src/meta/retry.ts).
 */
export const changePolicy = {
  /** How often a write of unknown fate is sent again. */
  repeats: 8,
  /** The same where the server answered with an error of its own. */
  repeatsOfErrors: 5,
  /** Milliseconds before it is looked for or sent again: `first`, then times `factor` up to `most`. */
  backoff: { first: 50, factor: 2, most: 1_000 },
  /** Milliseconds that a read may lag behind a write, and the pause between two reads. */
  lag: 500,
  every: 50,
  /** Reads that fail, after all tries of the client, before the fate stays unknown. */
  reads: 3,
  /** Milliseconds for what is under way when the run is stopped. */
  grace: 5_000,
  /** A run ends after this many times its concurrency of errors in a row that every change would meet. */
  hopeless: 2,
} as const;

/** Milliseconds of the pause before repeat number `count` (from 0). */
export function pauseBefore(count: number): number {
  const { first, factor, most } = changePolicy.backoff;
  return Math.min(most, first * factor ** Math.min(count, 20));
}
