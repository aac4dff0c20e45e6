import type { Secret } from '../model/secret.js';
import type { Asked } from './errors.js';
import type { Clock } from '../context.js';
import type { Authorizer } from './credentials.js';
import type { Account, MetaEvent } from './api.js';
import type { Target } from './nodes.js';
import { maskHost, maskSecrets, shownUrl } from './redact.js';
import { type Answer, exchange, ExchangeFailure } from './transport/exchange.js';
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

/** Bytes of an answer that is never large: to a write, or on one node. */
const largestSmall = 1024 * 1024;
const smallOnes = /^\/(status|show-cluster|ping|authorized|ldap\/v1\/config)(\?|$)/;

function isSmall({ method, path }: Request): boolean {
  return method === 'POST' || smallOnes.test(path);
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
  /** Origins that the user named; any other is the text of a server. */
  readonly named: ReadonlySet<string>;
  readonly clock: Clock;
  readonly connectTimeout: number;
  readonly maxBody: number;
  readonly userAgent: string;
  readonly observe: ((event: MetaEvent) => void) | undefined;
}

/** What an error tells of a request, worked out only when an error asks: nearly every request ends well. */
class LateAsked implements Asked {
  readonly #target: Target;
  readonly #path: string;
  readonly #request: Request;
  readonly #options: Pick<SenderOptions, 'authorizer' | 'named'>;

  constructor(target: Target, path: string, request: Request, options: Pick<SenderOptions, 'authorizer' | 'named'>) {
    this.#target = target;
    this.#path = path;
    this.#request = request;
    this.#options = options;
  }

  get purpose(): string {
    return purposeOf(this.#request);
  }

  get method(): string {
    return this.#request.method;
  }

  get url(): string {
    const secrets = () => this.secrets;
    return shownUrl(
      shownOrigin(this.#target, this.#options.named, secrets),
      shownPath(this.#path, this.#request, secrets),
    );
  }

  get write(): boolean {
    return this.#request.method === 'POST';
  }

  get account(): Account {
    return accountOf(this.#request, this.#options.authorizer);
  }

  get secrets(): readonly string[] {
    return secretsOf(this.#request, this.#options.authorizer);
  }
}

function secretsOf(request: Request, authorizer: Authorizer): readonly string[] {
  return [...authorizer.secrets(), ...(request.secrets ?? []).map((secret) => secret.reveal())];
}

/** An origin as the user named it; of one that a server named the secrets are masked. */
function shownOrigin({ origin }: Target, named: ReadonlySet<string>, secrets: () => readonly string[]): string {
  return named.has(origin) ? origin : maskHost(origin, secrets());
}

/** A path as it was asked for; of one that a redirect named the secrets are masked. */
function shownPath(path: string, request: Request, secrets: () => readonly string[]): string {
  return path === request.path ? path : maskSecrets(path, secrets());
}

function accountOf(request: Request, authorizer: Authorizer): Account {
  return request.anonymous ? nobody : authorizer.account;
}

/** Headers with and without credentials, made anew only when those change. */
function headersWith(shown: Readonly<Record<string, string>>) {
  let known: string | undefined;
  let headers = shown;
  return {
    shown,
    sent(authorization: string | undefined): Readonly<Record<string, string>> {
      if (authorization === undefined) return shown;
      if (authorization !== known) headers = { ...shown, authorization };
      known = authorization;
      return headers;
    },
  };
}

export function createSender(options: SenderOptions): Sender {
  const { pool, authorizer, named, clock, connectTimeout, maxBody, userAgent, observe } = options;
  const report = observe && createReporter(observe, () => clock.now());
  const plain = headersWith({ ...common, 'user-agent': userAgent });
  const withBody = headersWith({ ...plain.shown, 'content-type': 'application/json' });
  let opened: Pool | undefined;

  return {
    async send(target, path, request, timeout) {
      opened ??= await pool();
      const { origin } = target;
      const { method, body, signal } = request;
      const kind = body === undefined ? plain : withBody;
      const headers = kind.sent(request.anonymous ? undefined : authorizer.header(clock.now()));
      const small = maxBody > largestSmall && isSmall(request);
      const limits = { timeout, connectTimeout, maxBody: small ? largestSmall : maxBody, isSmall: small, signal };
      const answer = exchange(opened.route(origin), { origin, path, method, headers, body }, limits);
      if (report === undefined) return answer;
      const secrets = secretsOf(request, authorizer);
      return report(
        {
          method,
          origin: shownOrigin(target, named, () => secrets),
          path: shownPath(path, request, () => secrets),
          headers: { ...kind.shown },
          body: request.shownBody?.(),
          account: accountOf(request, authorizer),
          secrets,
        },
        answer,
      );
    },
    asked: (target, path, request) => new LateAsked(target, path, request, options),
  };
}

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

// What Go's and nginx's servers answer, in plain http, on a TLS port.
const complaint = /HTTP request (was sent )?to (an )?HTTPS (server|port)/i;

function complains(answer: Answer): boolean {
  return answer.status === 400 && complaint.test(Buffer.from(answer.body.subarray(0, 1000)).toString('latin1'));
}

type Recognise = (origin: string, send: () => Promise<Answer>) => Promise<Answer>;

/**
 * Makes a function that tells a TLS port from a broken connection. A port that never answered plain http and hangs up
 * is asked once whether it speaks TLS.
 */
export function makeRecogniser(speaksTls: (origin: string) => Promise<boolean>): Recognise {
  const plain = new Set<string>();
  const probes = new Map<string, Promise<boolean>>();

  async function isTls(origin: string): Promise<boolean> {
    const probe = probes.get(origin) ?? speaksTls(origin);
    probes.set(origin, probe);
    return probe;
  }

  return async (origin, send) => {
    const isPlain = origin.startsWith('http:');
    try {
      const answer = await send();
      if (isPlain && complains(answer)) throw new ExchangeFailure('plain-http-to-https', false);
      plain.add(origin);
      return answer;
    } catch (error) {
      const lost = error instanceof ExchangeFailure && error.reason === 'connection-lost' && error.sent;
      if (lost && isPlain && !plain.has(origin) && (await isTls(origin))) {
        throw new ExchangeFailure('plain-http-to-https', false);
      }
      throw error;
    }
  };
}

/** A sender that tells a TLS port from a broken connection. */
export function recogniseTls(sender: Sender, speaksTls: (origin: string) => Promise<boolean>): Sender {
  const recognise = makeRecogniser(speaksTls);
  return {
    ...sender,
    send: (target, path, request, timeout) =>
      recognise(target.origin, () => sender.send(target, path, request, timeout)),
  };
}
