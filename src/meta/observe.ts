import type { Account, MetaEvent } from './event.js';
import { maskHost, maskSecrets } from './masked.js';
import { shownUrl } from './shown.js';
import { ExchangeFailure, type Answer } from './transport/exchange.js';

/** A request as it may be shown, but for its URL. */
export interface Reported {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly account: Account;
  readonly body: string | undefined;
  /** To be masked in what comes back. */
  readonly secrets: readonly string[];
}

export type Reporter = (request: Reported, answer: Promise<Answer>) => Promise<Answer>;

function locationOf(answer: Answer, origin: string, secrets: readonly string[]): string | undefined {
  const location = answer.header('location');
  if (location === undefined || !URL.canParse(location, origin)) return undefined;
  const url = new URL(location, origin);
  return shownUrl(maskHost(url.origin, secrets), maskSecrets(url.pathname + url.search, secrets));
}

/** Tells an observer of exchanges, from the moment that they begin. */
export function createReporter(tell: (event: MetaEvent) => void, now: () => number): Reporter {
  let count = 0;
  return async ({ method, origin, path, secrets, ...request }, pending) => {
    count += 1;
    const common = { id: count, method, url: shownUrl(origin, path) };
    const started = now();
    tell({ type: 'request', ...common, ...request });
    try {
      const answer = await pending;
      const { status, body } = answer;
      const location = locationOf(answer, origin, secrets);
      tell({ type: 'answer', ...common, status, ms: now() - started, bytes: body.length, location });
      return answer;
    } catch (error) {
      const code = error instanceof ExchangeFailure ? error.reason : 'failed';
      tell({ type: 'failure', ...common, code, ms: now() - started });
      throw error;
    }
  };
}
