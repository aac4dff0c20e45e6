import type { MetaAccount, MetaEvent } from './client-types.js';
import type { Secret } from '../model/secret.js';
import { tryParseUrl } from '../model/urls.js';
import type { RequestContext } from './errors.js';
import type { Clock } from '../context.js';
import type { NodeAddress } from './nodes.js';
import { displayUrl, redact, redactHost } from './redact.js';
import { exchange, type HttpResponse, TransportError } from './transport/exchange.js';
import type { ConnectionPool } from './transport/connections.js';
import type { Authorizer } from './authorization.js';

/** One request to the cluster, wherever it will be sent. */
export interface MetaRequest {
  /** After "cannot" in an error; a function where it is costly to make for nothing. */
  readonly purpose: string | (() => string);
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: string;
  /** The body as it may be shown. */
  readonly redactedBody?: () => string;
  /** Secrets of the path or the body. */
  readonly secrets?: readonly Secret[];
  /** Sent without credentials. */
  readonly anonymous?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Maximum bytes of a response that is never large: to a write, or about one node. */
const maxSmallBody = 1024 * 1024;
const smallEndpoints = /^\/(status|show-cluster|ping|authorized|ldap\/v1\/config)(\?|$)/;

function isSmall({ method, path }: MetaRequest): boolean {
  return method !== 'GET' || smallEndpoints.test(path);
}

export function describePurpose({ purpose }: MetaRequest): string {
  return typeof purpose === 'string' ? purpose : purpose();
}

const anonymous: MetaAccount = { kind: 'none' };
const commonHeaders = { accept: 'application/json', 'accept-encoding': 'identity' };

export interface Sender {
  /** One exchange with one node: never repeated, no redirect followed. Throws TransportError. */
  send(target: NodeAddress, path: string, request: MetaRequest, timeout: number): Promise<HttpResponse>;
  /** What an error says about it. */
  contextOf(target: NodeAddress, path: string, request: MetaRequest): RequestContext;
}

/** @internal */
export interface SenderOptions {
  readonly pool: () => Promise<ConnectionPool>;
  readonly authorizer: Authorizer;
  /** Origins that the user named; any other comes from a server. */
  readonly named: ReadonlySet<string>;
  readonly clock: Clock;
  readonly connectTimeout: number;
  readonly maxBody: number;
  readonly userAgent: string;
  readonly observe: ((event: MetaEvent) => void) | undefined;
}

/** What an error says about a request, computed only when it is needed, because nearly every request succeeds. */
class LazyRequestContext implements RequestContext {
  readonly #target: NodeAddress;
  readonly #path: string;
  readonly #request: MetaRequest;
  readonly #options: Pick<SenderOptions, 'authorizer' | 'named'>;

  constructor(
    target: NodeAddress,
    path: string,
    request: MetaRequest,
    options: Pick<SenderOptions, 'authorizer' | 'named'>,
  ) {
    this.#target = target;
    this.#path = path;
    this.#request = request;
    this.#options = options;
  }

  get purpose(): string {
    return describePurpose(this.#request);
  }

  get method(): string {
    return this.#request.method;
  }

  get url(): string {
    const secrets = () => this.secrets;
    return displayUrl(
      displayOrigin(this.#target, this.#options.named, secrets),
      displayPath(this.#path, this.#request, secrets),
    );
  }

  get write(): boolean {
    return this.#request.method !== 'GET';
  }

  get account(): MetaAccount {
    return accountOf(this.#request, this.#options.authorizer);
  }

  get secrets(): readonly string[] {
    return secretsOf(this.#request, this.#options.authorizer);
  }
}

function secretsOf(request: MetaRequest, authorizer: Authorizer): readonly string[] {
  return [...authorizer.secrets(), ...(request.secrets ?? []).map((secret) => secret.reveal())];
}

/** An origin as the user named it; in one from a server the secrets are redacted. */
function displayOrigin({ origin }: NodeAddress, named: ReadonlySet<string>, secrets: () => readonly string[]): string {
  return named.has(origin) ? origin : redactHost(origin, secrets());
}

/** A path as requested; in one from a redirect the secrets are redacted. */
function displayPath(path: string, request: MetaRequest, secrets: () => readonly string[]): string {
  return path === request.path ? path : redact(path, secrets());
}

function accountOf(request: MetaRequest, authorizer: Authorizer): MetaAccount {
  return request.anonymous ? anonymous : authorizer.account;
}

/** Headers with and without credentials, created again only when these change. */
function headersWith(displayed: Readonly<Record<string, string>>) {
  let known: string | undefined;
  let headers = displayed;
  return {
    shown: displayed,
    sent(authorization: string | undefined): Readonly<Record<string, string>> {
      if (authorization === undefined) return displayed;
      if (authorization !== known) headers = { ...displayed, authorization };
      known = authorization;
      return headers;
    },
  };
}

/** @internal */
export function createSender(options: SenderOptions): Sender {
  const { pool, authorizer, named, clock, connectTimeout, maxBody, userAgent, observe } = options;
  const report = observe && createExchangeReporter(observe, () => clock.now());
  const plain = headersWith({ ...commonHeaders, 'user-agent': userAgent });
  const withBody = headersWith({ ...plain.shown, 'content-type': 'application/json' });
  let opened: ConnectionPool | undefined;

  return {
    async send(target, path, request, timeout) {
      opened ??= await pool();
      const { origin } = target;
      const { method, body, signal } = request;
      const kind = body === undefined ? plain : withBody;
      const headers = kind.sent(request.anonymous ? undefined : authorizer.header(clock.now()));
      const small = maxBody > maxSmallBody && isSmall(request);
      const limits = { timeout, connectTimeout, maxBody: small ? maxSmallBody : maxBody, isSmall: small, signal };
      const response = exchange(opened.route(origin), { origin, path, method, headers, body }, limits);
      if (report === undefined) return response;
      const secrets = secretsOf(request, authorizer);
      return report(
        {
          method,
          origin: displayOrigin(target, named, () => secrets),
          path: displayPath(path, request, () => secrets),
          headers: { ...kind.shown },
          body: request.redactedBody?.(),
          account: accountOf(request, authorizer),
          secrets,
        },
        response,
      );
    },
    contextOf: (target, path, request) => new LazyRequestContext(target, path, request, options),
  };
}

/** A request as it may be shown, but for its URL. */
export interface ReportedRequest {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly account: MetaAccount;
  readonly body: string | undefined;
  /** To be masked in what comes back. */
  readonly secrets: readonly string[];
}

export type ExchangeReporter = (request: ReportedRequest, response: Promise<HttpResponse>) => Promise<HttpResponse>;

function locationOf(response: HttpResponse, origin: string, secrets: readonly string[]): string | undefined {
  const location = response.header('location');
  const url = location === undefined ? undefined : tryParseUrl(location, origin);
  if (url === undefined) return undefined;
  return displayUrl(redactHost(url.origin, secrets), redact(url.pathname + url.search, secrets));
}

/** Reports exchanges to an observer from their start. */
function createExchangeReporter(emit: (event: MetaEvent) => void, now: () => number): ExchangeReporter {
  let count = 0;
  return async ({ method, origin, path, secrets, ...request }, pending) => {
    count += 1;
    const common = { id: count, method, url: displayUrl(origin, path) };
    const started = now();
    emit({ type: 'request', ...common, ...request });
    try {
      const response = await pending;
      const { status, body } = response;
      const location = locationOf(response, origin, secrets);
      emit({ type: 'response', ...common, status, ms: now() - started, bytes: body.length, location });
      return response;
    } catch (error) {
      const code = error instanceof TransportError ? error.code : 'failed';
      emit({ type: 'failure', ...common, code, ms: now() - started });
      throw error;
    }
  };
}

// The response of Go's and nginx's servers to plain HTTP on a TLS port.
const plainHttpComplaint = /HTTP request (was sent )?to (an )?HTTPS (server|port)/i;

function isPlainHttpComplaint(response: HttpResponse): boolean {
  return (
    response.status === 400 && plainHttpComplaint.test(Buffer.from(response.body.subarray(0, 1000)).toString('latin1'))
  );
}

type DetectTls = (origin: string, send: () => Promise<HttpResponse>) => Promise<HttpResponse>;

/**
 * Returns a function that distinguishes a TLS port from a broken connection. A port that never responded to plain HTTP
 * and hangs up is probed once for TLS.
 */
export function createTlsDetector(speaksTls: (origin: string) => Promise<boolean>): DetectTls {
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
      const response = await send();
      if (isPlain && isPlainHttpComplaint(response)) throw new TransportError('plain-http-to-https', false);
      plain.add(origin);
      return response;
    } catch (error) {
      const lost = error instanceof TransportError && error.code === 'connection-lost' && error.sent;
      if (lost && isPlain && !plain.has(origin) && (await isTls(origin))) {
        throw new TransportError('plain-http-to-https', false);
      }
      throw error;
    }
  };
}

/** A sender that distinguishes a TLS port from a broken connection. */
export function detectTls(sender: Sender, speaksTls: (origin: string) => Promise<boolean>): Sender {
  const recognise = createTlsDetector(speaksTls);
  return {
    ...sender,
    send: (target, path, request, timeout) =>
      recognise(target.origin, () => sender.send(target, path, request, timeout)),
  };
}
