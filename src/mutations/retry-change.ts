import type { Clock } from '../context.js';
import { KapadminError } from '../errors.js';
import { type DeliveryStatus, MetaError } from '../meta/errors.js';
import { type Change, describePlanned, type MutationOutcome } from './change.js';
import { isAlreadyApplied } from './dependency-guard.js';
import { executionPolicy } from './execution-policy.js';

/** What one change needs of the outside. */
export interface ChangeTransport {
  /** Sends the write once; rejects with the error of the client. */
  send(change: Change): Promise<void>;
  /** Whether a read shows the change; undefined when a read cannot tell. */
  isVisible(change: Change): Promise<boolean | undefined>;
  /** Whether what already exists is what a create would have made, its password included; undefined while unseen. */
  matches(change: Change): Promise<boolean | undefined>;
  readonly clock: Clock;
  /** Aborted: nothing more is sent; what was sent is still verified. */
  readonly stop: AbortSignal;
  /** Aborted: no more waiting at all. */
  readonly end: AbortSignal;
  /** How often a write of unknown delivery status is sent again at most; the policy's number by default. */
  readonly maxRepeats?: number | undefined;
}

/** Errors of ours come before anything is sent. */
function deliveryStatusOf(error: KapadminError): DeliveryStatus {
  return error instanceof MetaError ? error.deliveryStatus : 'not-sent';
}

/** The errors of the client name the change; one of ours, such as of a full disk, does not. */
function namingChange(change: Change, error: KapadminError): KapadminError {
  const { kind, code, hint, list, message } = error;
  if (error instanceof MetaError || kind === 'bug' || message.startsWith(`cannot ${describePlanned(change)}`))
    return error;
  return new KapadminError(kind, code, `cannot ${describePlanned(change)}: ${message}`, { hint, list, cause: error });
}

/** Idempotent: these may be sent twice; a create or delete is verified before it is sent again. */
function isRepeatable(change: Change): boolean {
  return change.action !== 'create' && change.action !== 'delete';
}

/**
 * Whether the server refused only what is as desired: gone already, or made by a run before this one whose request was
 * still under way. What exists otherwise is a conflict.
 */
async function isAsDesired(change: Change, error: KapadminError, transport: ChangeTransport): Promise<boolean> {
  if (!isAlreadyApplied(change, error)) return false;
  if (change.action === 'delete') return true;
  const { clock, end } = transport;
  const until = clock.now() + executionPolicy.readLag;
  while (!end.aborted) {
    try {
      const same = await transport.matches(change);
      if (same !== undefined) return same;
    } catch (caught) {
      if (!(caught instanceof KapadminError)) throw caught;
    }
    if (clock.now() >= until) return false;
    await clock.sleep(executionPolicy.pollInterval, end);
  }
  return false;
}

/**
 * Polls until the change is visible or the read lag has passed; undefined when reads cannot tell.
 * @param giveUpAt no read is repeated after this time
 */
async function pollUntilVisible(
  change: Change,
  transport: ChangeTransport,
  giveUpAt: number,
): Promise<boolean | undefined> {
  const { clock, end, maxRepeats = executionPolicy.maxRepeats } = transport;
  const maxFailedReads = Math.min(executionPolicy.maxFailedReads, maxRepeats);
  const until = clock.now() + executionPolicy.readLag;
  for (let failures = 0; ;) {
    try {
      const seen = await transport.isVisible(change);
      if (seen !== false) return seen;
      if (clock.now() >= until) return false;
    } catch (error) {
      if (!(error instanceof KapadminError)) throw error;
      failures += 1;
      if (failures > maxFailedReads || clock.now() >= giveUpAt) return undefined;
    }
    if (end.aborted) return undefined;
    await clock.sleep(executionPolicy.pollInterval, end);
  }
}

/** Nothing was sent because the run was interrupted. */
function isInterruption(error: KapadminError): boolean {
  return error.kind === 'interrupted' || error.kind === 'terminated' || error.kind === 'hung-up';
}

/** The server responded with 5xx: the request is over, but may have been applied. */
function isServerError(error: KapadminError): boolean {
  return error instanceof MetaError && error.status !== undefined && error.status >= 500;
}

/**
 * Applies one change to a known outcome. A write of unknown delivery status is verified by reading and sent again only
 * if it was not applied; an idempotent one is sent again at once and verified at the end. A response that
 * only meets our own first try counts as done; one that meets what is as desired anyway, as unchanged.
 */
export async function applyChange(change: Change, transport: ChangeTransport): Promise<MutationOutcome> {
  const { clock, stop, maxRepeats = executionPolicy.maxRepeats } = transport;
  const giveUpAt = clock.now() + executionPolicy.giveUpMs;
  let firstUnknown: KapadminError | undefined;
  for (let repeat = 0; ; repeat++) {
    let error: KapadminError;
    try {
      await transport.send(change);
      return { status: 'done' };
    } catch (caught) {
      if (!(caught instanceof KapadminError)) throw caught;
      error = caught;
    }
    const deliveryStatus = deliveryStatusOf(error);
    if (firstUnknown === undefined && deliveryStatus !== 'unknown') {
      if (deliveryStatus === 'responded' && (await isAsDesired(change, error, transport)))
        return { status: 'unchanged' };
      return deliveryStatus === 'not-sent' && isInterruption(error)
        ? { status: 'not-started' }
        : { status: 'failed', error: namingChange(change, error) };
    }
    if (deliveryStatus === 'responded' && isAlreadyApplied(change, error)) return { status: 'done' };
    if (firstUnknown === undefined || (deliveryStatus === 'unknown' && isServerError(firstUnknown)))
      firstUnknown = error;
    const max = isServerError(error) ? Math.min(maxRepeats, executionPolicy.maxRepeatsOfErrors) : maxRepeats;
    const mayRepeat = repeat < max && deliveryStatus !== 'responded' && clock.now() < giveUpAt;
    if (mayRepeat && isRepeatable(change)) {
      await clock.sleep(backoffBefore(repeat), stop);
      if (!stop.aborted) continue;
    }
    const seen = await pollUntilVisible(change, transport, giveUpAt);
    if (seen === true) return { status: 'done' };
    if (seen === false && deliveryStatus === 'responded') return { status: 'failed', error };
    if (seen === false && !mayRepeat && isServerError(firstUnknown)) return { status: 'failed', error: firstUnknown };
    if (seen === undefined || !mayRepeat || stop.aborted) return { status: 'unknown', error: firstUnknown };
    await clock.sleep(backoffBefore(repeat), stop);
    if (stop.aborted) return { status: 'unknown', error: firstUnknown };
  }
}

/** Milliseconds of the pause before repeat number `count` (from 0). */
function backoffBefore(count: number): number {
  const { first, factor, max } = executionPolicy.backoff;
  return Math.min(max, first * factor ** Math.min(count, 20));
}
