import type { Dispatcher } from 'undici';
import { showSize } from '../../model/text.js';
import { type BodyCollector, createBodyCollector, type PoolRoute } from './connections.js';
import {
  type TransportErrorCode,
  isProgramError,
  classifyError,
  type ExchangeStage,
  unparsedData,
} from './error-codes.js';

export interface HttpRequestOptions {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | undefined;
}

export interface ExchangeLimits {
  /** Milliseconds from now to the last byte of the response. */
  readonly timeout: number;
  /** Milliseconds from now to the first byte of the request. */
  readonly connectTimeout: number;
  /** Bytes of the body. */
  readonly maxBody: number;
  /** Whether `maxBody` is below the user's limit because such a response is never large. */
  readonly isSmall?: boolean;
  readonly signal: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** A header by its name in lower case; several of one name are joined by commas. */
  header(name: string): string | undefined;
  readonly body: Uint8Array;
}

export interface TransportErrorDetails {
  readonly underlying?: unknown;
  readonly detail?: string | undefined;
}

/** An exchange without a complete response. `sent` is false only when no byte of the request was sent. */
export class TransportError extends Error {
  readonly code: TransportErrorCode;
  readonly sent: boolean;
  // Private, because it may contain a server's raw text, which must not be printed with the error's causes.
  readonly #more: TransportErrorDetails;

  constructor(reason: TransportErrorCode, sent: boolean, more: TransportErrorDetails = {}) {
    super(reason);
    this.code = reason;
    this.sent = sent;
    this.#more = more;
  }

  /** The error of the connection, or the reason of an aborted signal. */
  get underlying(): unknown {
    return this.#more.underlying;
  }

  /** A detail to show: bytes received instead of HTTP, an encoding, a proxy, a limit. */
  get detail(): string | undefined {
    return this.#more.detail;
  }
}

type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

function headerValue(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

function contentEncoding(headers: ResponseHeaders): string | undefined {
  const value = headerValue(headers, 'content-encoding')?.trim().toLowerCase();
  return value === undefined || value === '' || value === 'identity' ? undefined : value;
}

const noHeaders: ResponseHeaders = {};
const noBytes = new Uint8Array(0);

/** One exchange, as undici's handler. A class, because there may be many thousands of them. */
class Exchange implements Dispatcher.DispatchHandler {
  private stage: ExchangeStage = 'connecting';
  private controller: Dispatcher.DispatchController | undefined;
  private status = 0;
  private headers = noHeaders;
  private settled = false;
  private body: BodyCollector | undefined;
  private timer: NodeJS.Timeout | undefined;
  private unsubscribe: (() => void) | undefined;
  private readonly route: PoolRoute;
  private readonly limits: ExchangeLimits;
  private readonly resolve: (response: HttpResponse) => void;
  private readonly reject: (error: Error) => void;

  constructor(
    route: PoolRoute,
    limits: ExchangeLimits,
    resolve: (response: HttpResponse) => void,
    reject: (error: Error) => void,
  ) {
    this.route = route;
    this.limits = limits;
    this.resolve = resolve;
    this.reject = reject;
  }

  start(request: HttpRequestOptions): void {
    const { timeout, connectTimeout, signal } = this.limits;
    // One timer for both limits; that of undici for connections is a second late.
    this.timer = setTimeout(Exchange.onTimeout, Math.min(connectTimeout, timeout), this);
    this.unsubscribe = onAbort(signal, () => this.fail('aborted', { underlying: signal?.reason }));
    if (signal?.aborted) {
      this.fail('aborted', { underlying: signal.reason });
      return;
    }
    const { origin, path, method, headers, body = null } = request;
    this.route.dispatcher.dispatch({ origin, path, method, headers, body, headersTimeout: 0, bodyTimeout: 0 }, this);
  }

  private static onTimeout(late: Exchange): void {
    const { timeout, connectTimeout } = late.limits;
    if (late.stage === 'connecting') late.fail(connectTimeout < timeout ? 'connect-timeout' : 'timeout');
    else if (connectTimeout >= timeout) late.fail('timeout');
    else late.timer = setTimeout(() => late.fail('timeout'), timeout - connectTimeout);
  }

  private settle(): void {
    this.settled = true;
    clearTimeout(this.timer);
    this.unsubscribe?.();
    this.body?.end();
  }

  private fail(reason: TransportErrorCode, more?: TransportErrorDetails): void {
    if (this.settled) return;
    this.settle();
    const failure = new TransportError(reason, this.stage !== 'connecting', more);
    this.controller?.abort(failure);
    this.reject(failure);
  }

  private tooLarge(fault: 'too-large' | 'no-room'): void {
    const { isSmall, maxBody } = this.limits;
    const alone = isSmall === true ? 'too-large-for-kind' : 'too-large';
    if (fault === 'no-room') this.fail('too-large-together', { detail: showSize(this.route.budget.total) });
    else this.fail(alone, { detail: showSize(maxBody) });
  }

  onRequestStart(started: Dispatcher.DispatchController): void {
    if (this.settled) {
      started.abort(new TransportError('aborted', false));
      return;
    }
    this.controller = started;
    this.stage = 'sent';
  }

  onResponseStart(_: Dispatcher.DispatchController, code: number, received: ResponseHeaders): void {
    // Nothing that we send allows a change of protocol.
    if (code < 100 || code === 101) this.fail('not-http');
    if (code < 200) return;
    this.stage = 'responding';
    this.status = code;
    this.headers = received;
    const compressed = contentEncoding(received);
    if (compressed !== undefined) this.fail('compressed', { detail: compressed });
    const length = Number(headerValue(received, 'content-length') ?? Number.NaN);
    if (length > this.limits.maxBody) this.tooLarge('too-large');
    else if (length > 0) this.body = createBodyCollector(this.limits.maxBody, this.route.budget, length);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.settled) return;
    this.body ??= createBodyCollector(this.limits.maxBody, this.route.budget);
    const fault = this.body.add(chunk);
    if (fault !== undefined) this.tooLarge(fault);
  }

  onResponseEnd(): void {
    if (this.settled) return;
    this.settle();
    const { status, headers } = this;
    this.resolve({ status, header: (name) => headerValue(headers, name), body: this.body?.bytes() ?? noBytes });
  }

  onResponseError(_: Dispatcher.DispatchController, origin: Error): void {
    if (isProgramError(origin)) {
      this.settle();
      this.reject(origin);
      return;
    }
    const reason = classifyError(origin, this.stage, this.route.proxy !== undefined);
    this.fail(reason, {
      underlying: origin,
      detail: reason === 'proxy-failed' ? this.route.proxy : unparsedData(origin),
    });
  }
}

/**
 * Sends one request and reads its complete response within the limits. No redirects, no retries.
 * Rejects with a TransportError, or with the error itself where it is a fault of the program.
 * @internal
 */
export function exchange(route: PoolRoute, request: HttpRequestOptions, limits: ExchangeLimits): Promise<HttpResponse> {
  return new Promise((resolve, reject) => new Exchange(route, limits, resolve, reject).start(request));
}

interface AbortListener {
  readonly call: () => void;
  at: number;
}

const listeners = new WeakMap<AbortSignal, AbortListener[]>();

function listenersOf(signal: AbortSignal): AbortListener[] {
  const found = listeners.get(signal);
  if (found !== undefined) return found;
  const list: AbortListener[] = [];
  listeners.set(signal, list);
  signal.addEventListener(
    'abort',
    () => {
      for (const { call } of list.slice()) call();
    },
    { once: true },
  );
  return list;
}

const noop = (): void => undefined;

/** Calls back when the signal is aborted, with one listener for any number of requests; returns what ends that. */
export function onAbort(signal: AbortSignal | undefined, call: () => void): () => void {
  if (signal === undefined) return noop;
  const list = listenersOf(signal);
  const listener = { call, at: list.length };
  list.push(listener);
  return () => {
    const last = list.pop();
    if (last === undefined || last === listener) return;
    list[listener.at] = last;
    last.at = listener.at;
  };
}
