import { attemptTimes, lookupTimeout } from '../../auth-engine/lookup.js';
import { timedOut, type Trace } from '../../auth-engine/trace.js';
import type { MetaAnswer, MetaRequest } from '../../auth-engine/effects.js';

export interface LookupClock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Sends one request; `left` are the milliseconds that its lookup still has. */
export type Ask = (request: MetaRequest, left: number) => MetaAnswer | Promise<MetaAnswer>;

const wholeTime = lookupTimeout / 1e6;

/** Milliseconds between the failure of the attempt before and this one (services/auth/meta/client.go, retryWithBackoff). */
function pauseBefore(attempt: number): number {
  const [before = 0, at = Infinity] = attemptTimes.slice(attempt - 2, attempt);
  return (at - before) / 1e6;
}

/** The meta requests of one request to Kapacitor, at the daemon's own times. */
export class Lookups {
  readonly #ask: Ask;
  readonly #clock: LookupClock;
  /** When the lookup that runs began. */
  #began = 0;

  constructor(ask: Ask, clock: LookupClock) {
    this.#ask = ask;
    this.#clock = clock;
  }

  #left(): number {
    return this.#began + wholeTime - this.#clock.now();
  }

  /** Waits until the request is due; an attempt for which no time will be left is not made. */
  async meta(request: MetaRequest): Promise<MetaAnswer> {
    const { attempt, hop } = request;
    if (hop === 0 && attempt === 1) this.#began = this.#clock.now();
    else if (hop === 0) await this.#clock.sleep(pauseBefore(attempt));
    const answer = await this.#ask(request, this.#left());
    return this.#left() <= pauseBefore(attempt + 1) ? { ...answer, last: true } : answer;
  }

  /** Waits out the time of a lookup that failed: the daemon answers when it is up. */
  async settle(trace: Trace): Promise<void> {
    const left = this.#left();
    if (timedOut(trace) && left > 0) await this.#clock.sleep(left);
  }
}
