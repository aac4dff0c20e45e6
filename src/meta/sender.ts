import type { Secret } from '../model/secret.js';
import type { Asked } from './asked.js';
import type { Clock } from './clock.js';
import type { Authorizer } from './credentials.js';
import type { Account, MetaEvent } from './event.js';
import type { Target } from './nodes.js';
import { createReporter } from './observe.js';
import { shownUrl } from './shown.js';
import { exchange, type Answer } from './transport/exchange.js';
import type { Pool } from './transport/pool.js';

/** One request to the cluster, wherever it will be sent. */
export interface Request {
  /** After "cannot" in an error; a function where it is costly to make for nothing. */
  readonly purpose: string | (() => string);
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

export function purposeOf({ purpose }: Request): string {
  return typeof purpose === 'string' ? purpose : purpose();
}

const nobody: Account = { kind: 'none' };
const common = { accept: 'application/json', 'accept-encoding': 'identity' };

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
  const report = observe && createReporter(observe, () => clock.now());
  let opened: Pool | undefined;

  function accountOf(request: Request): Account {
    return request.anonymous ? nobody : authorizer.account;
  }

  return {
    async send(target, path, request, timeout) {
      opened ??= await pool();
      const { origin } = target;
      const { method, body, signal } = request;
      const headers: Record<string, string> = { ...common, 'user-agent': userAgent };
      if (body !== undefined) headers['content-type'] = 'application/json';
      const shown = report && { method, origin, path, headers: { ...headers }, body: request.shownBody?.() };
      const authorization = request.anonymous ? undefined : authorizer.header(clock.now());
      if (authorization !== undefined) headers['authorization'] = authorization;
      const limits = { timeout, connectTimeout, maxBody, signal };
      const answer = exchange(opened.route(origin), { origin, path, method, headers, body }, limits);
      return report && shown ? report({ ...shown, account: accountOf(request) }, answer) : answer;
    },
    asked: (target, path, request) => ({
      get purpose() {
        return purposeOf(request);
      },
      method: request.method,
      get url() {
        return shownUrl(target.origin, path);
      },
      write: request.method === 'POST',
      account: accountOf(request),
      get secrets() {
        return [...authorizer.secrets(), ...(request.secrets ?? []).map((secret) => secret.reveal())];
      },
    }),
  };
}
