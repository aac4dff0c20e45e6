import type { Secret } from '../model/secret.js';
import type { Asked } from './asked.js';
import type { Clock } from './clock.js';
import type { Authorizer } from './credentials.js';
import type { Target } from './nodes.js';
import type { MetaEvent } from './observe.js';
import { shownUrl } from './shown.js';
import { ExchangeFailure, exchange, type Answer, type Sending } from './transport/exchange.js';
import type { Pool } from './transport/pool.js';

/** One request to the cluster, wherever it will be sent. */
export interface Request {
  /** After "cannot" in an error. */
  readonly purpose: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  /** The body as it may be shown. */
  readonly shownBody?: () => string;
  /** Secrets of the path or the body. */
  readonly secrets?: readonly Secret[];
  /** Sent without credentials. */
  readonly anonymous?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface Sender {
  /** One exchange with one node: never repeated, no redirect followed. Throws ExchangeFailure. */
  send(target: Target, path: string, request: Request, timeout: number): Promise<Answer>;
  /** What an error tells of it. */
  asked(target: Target, path: string, request: Request): Asked;
}

export interface SenderOptions {
  readonly pool: () => Promise<Pool>;
  readonly authorizer: Authorizer;
  readonly clock: Clock;
  readonly connectTimeout: number;
  readonly maxBody: number;
  readonly userAgent: string;
  readonly observe: ((event: MetaEvent) => void) | undefined;
}

export function createSender(options: SenderOptions): Sender {
  const { pool, authorizer, clock, connectTimeout, maxBody, userAgent, observe } = options;
  let count = 0;

  function headersOf(request: Request): Record<string, string> {
    const base = { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': userAgent };
    return request.body === undefined ? base : { ...base, 'content-type': 'application/json' };
  }

  async function observed(
    tell: (event: MetaEvent) => void,
    target: Target,
    sending: Sending,
    request: Request,
    run: () => Promise<Answer>,
  ): Promise<Answer> {
    count += 1;
    const url = shownUrl(target.origin, sending.path);
    const common = { id: count, method: sending.method, url };
    const account = request.anonymous ? ({ kind: 'none' } as const) : authorizer.account;
    tell({ type: 'request', ...common, headers: headersOf(request), account, body: request.shownBody?.() });
    const started = clock.now();
    try {
      const answer = await run();
      const location = locationShown(answer, target);
      const { status, body } = answer;
      tell({ type: 'answer', ...common, status, ms: clock.now() - started, bytes: body.length, location });
      return answer;
    } catch (error) {
      const code = error instanceof ExchangeFailure ? error.reason : 'failed';
      tell({ type: 'failure', ...common, code, ms: clock.now() - started });
      throw error;
    }
  }

  return {
    async send(target, path, request, timeout) {
      const { dispatcher, proxy } = (await pool()).route(target.origin);
      const headers = headersOf(request);
      const authorization = request.anonymous ? undefined : authorizer.header(clock.now());
      if (authorization !== undefined) headers['authorization'] = authorization;
      const sending = { origin: target.origin, path, method: request.method, headers, body: request.body };
      const limits = { timeout, connectTimeout, maxBody, signal: request.signal };
      const run = () => exchange({ dispatcher, proxy }, sending, limits);
      return observe === undefined ? run() : observed(observe, target, sending, request, run);
    },
    asked: (target, path, request) => ({
      purpose: request.purpose,
      method: request.method,
      url: shownUrl(target.origin, path),
      write: request.method === 'POST',
      account: request.anonymous ? { kind: 'none' } : authorizer.account,
      secrets: [...authorizer.secrets(), ...(request.secrets ?? []).map((secret) => secret.reveal())],
    }),
  };
}

function locationShown(answer: Answer, target: Target): string | undefined {
  const location = answer.header('location');
  if (location === undefined || !URL.canParse(location, target.origin)) return undefined;
  const url = new URL(location, target.origin);
  return shownUrl(url.origin, url.pathname + url.search);
}
