import { KapadminError, stopKind } from '../../errors.js';
import type { Watch } from '../view.js';

/** What is seen at one moment. */
export interface Frame<T> {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Of the last look that came to its end. */
  readonly data: T;
  /** What that look found different from the one before; undefined for the first look. */
  readonly changes: readonly string[] | undefined;
  /** Why there was no look this time, and since when there is none. */
  readonly failure: { readonly error: KapadminError; readonly since: number } | undefined;
}

/** Where frames go. */
export interface Shower<T> {
  show(frame: Frame<T>): Promise<void>;
  /** Whether nobody reads any more. */
  isOver(): boolean;
}

export interface WatchPlace {
  readonly clock: { now(): number; sleep(ms: number, signal: AbortSignal): Promise<void> };
  readonly stop: AbortSignal;
}

/** Errors after which the next look may go well. */
function isPassing(error: unknown): error is KapadminError {
  return error instanceof KapadminError && (error.kind === 'unreachable' || error.kind === 'server');
}

function ended(stop: AbortSignal, looks: number, changed: number): KapadminError {
  const kind = stopKind(stop.reason);
  const found = changed === 0 ? 'no change was seen' : `${changed} of them saw a change`;
  const account = looks === 1 ? 'after one look' : `after ${looks} looks, ${found}`;
  return new KapadminError(kind, kind, `stopped by ${String(stop.reason)} ${account}`);
}

/**
 * Looks again and again, with a pause after each look. A node that does not answer is watched on; any other error is
 * thrown. Ends when nobody reads any more, and by the error of the signal that stops it.
 */
export async function watchLoop<T>(first: T, watch: Watch<T>, shower: Shower<T>, place: WatchPlace): Promise<void> {
  const { stop, clock } = place;
  let frame: Frame<T> = { at: clock.now(), data: first, changes: undefined, failure: undefined };
  let looks = 1;
  let changed = 0;
  const next = async (): Promise<Frame<T>> => {
    try {
      const data = await watch.look();
      looks++;
      const changes = watch.changes(frame.data, data);
      if (changes.length > 0) changed++;
      return { at: clock.now(), data, changes, failure: undefined };
    } catch (error) {
      if (stop.aborted || !isPassing(error)) throw error;
      const since = frame.failure?.since ?? clock.now();
      return { ...frame, at: clock.now(), changes: [], failure: { error, since } };
    }
  };
  while (!stop.aborted) {
    await shower.show(frame);
    if (shower.isOver()) return;
    await clock.sleep(watch.every, stop);
    if (stop.aborted) break;
    try {
      frame = await next();
    } catch (error) {
      if (!stop.aborted) throw error;
    }
  }
  throw ended(stop, looks, changed);
}
