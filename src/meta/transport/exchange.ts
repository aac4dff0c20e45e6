import type { Dispatcher } from 'undici';
import { onAbort } from './abort.js';
import { collectBody } from './body.js';
import type { Route } from './pool.js';
import { reasonOf, strayData, type FailureReason, type Stage } from './reason.js';

export interface Sending {
  readonly origin: string;
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface Limits {
  /** Milliseconds from now to the last byte of the answer. */
  readonly timeout: number;
  /** Milliseconds from now to the first byte of the request. */
  readonly connectTimeout: number;
  /** Bytes of the body. */
  readonly maxBody: number;
  readonly signal: AbortSignal | undefined;
}

export interface Answer {
  readonly status: number;
  /** A header by its name in lower case; several of one name are joined by commas. */
  header(name: string): string | undefined;
  readonly body: Uint8Array;
}

export interface FailureDetails {
  readonly origin?: unknown;
  readonly detail?: string | undefined;
}

/** An exchange without a whole answer. `sent` is false only when no byte of the request left. */
export class ExchangeFailure extends Error {
  readonly reason: FailureReason;
  readonly sent: boolean;
  // Private, since it may hold raw text of a server: whoever prints an error with its causes must not print that.
  readonly #more: FailureDetails;

  constructor(reason: FailureReason, sent: boolean, more: FailureDetails = {}) {
    super(reason);
    this.reason = reason;
    this.sent = sent;
    this.#more = more;
  }

  /** The error of the connection, or the reason of an aborted signal. */
  get origin(): unknown {
    return this.#more.origin;
  }

  /** What there is to show: bytes that came in place of HTTP, an encoding, a proxy. */
  get detail(): string | undefined {
    return this.#more.detail;
  }
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

function single(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

function encoding(headers: Headers): string | undefined {
  const value = single(headers, 'content-encoding')?.trim().toLowerCase();
  return value === undefined || value === '' || value === 'identity' ? undefined : value;
}

/** Sends one request and reads its whole answer, within the limits. Follows nothing, repeats nothing. */
export function exchange(route: Route, sending: Sending, limits: Limits): Promise<Answer> {
  const { timeout, connectTimeout, maxBody, signal } = limits;
  return new Promise((resolve, reject) => {
    let stage: Stage = 'connecting';
    let controller: Dispatcher.DispatchController | undefined;
    let status = 0;
    let headers: Headers = {};
    let settled = false;
    let body = collectBody(maxBody);

    const settle = () => {
      settled = true;
      clearTimeout(timer);
      unsubscribe();
    };
    const fail = (reason: FailureReason, more?: FailureDetails) => {
      if (settled) return;
      settle();
      const failure = new ExchangeFailure(reason, stage !== 'connecting', more);
      controller?.abort(failure);
      reject(failure);
    };
    const abort = () => fail('aborted', { origin: signal?.reason });
    // One timer for both limits; that of undici for connections is a second late.
    const late = () => {
      if (stage === 'connecting') fail(connectTimeout < timeout ? 'connect-timeout' : 'timeout');
      else if (connectTimeout >= timeout) fail('timeout');
      else timer = setTimeout(fail, timeout - connectTimeout, 'timeout');
    };
    let timer = setTimeout(late, Math.min(connectTimeout, timeout));
    const unsubscribe = onAbort(signal, abort);
    if (signal?.aborted) {
      abort();
      return;
    }

    route.dispatcher.dispatch(
      { ...sending, body: sending.body ?? null, headersTimeout: 0, bodyTimeout: 0 },
      {
        onRequestStart(started) {
          if (settled) {
            started.abort(new ExchangeFailure('aborted', false));
            return;
          }
          controller = started;
          stage = 'sent';
        },
        onResponseStart(_, code, received) {
          if (code < 200) return;
          stage = 'answering';
          status = code;
          headers = received;
          const compressed = encoding(received);
          if (compressed !== undefined) fail('compressed', { detail: compressed });
          const length = Number(single(received, 'content-length') ?? Number.NaN);
          if (length > maxBody) fail('too-large');
          else if (length > 0) body = collectBody(maxBody, length);
        },
        onResponseData(_, chunk) {
          if (!settled && !body.add(chunk)) fail('too-large');
        },
        onResponseEnd() {
          if (settled) return;
          settle();
          resolve({ status, header: (name) => single(headers, name), body: body.bytes() });
        },
        onResponseError(_, origin) {
          const reason = reasonOf(origin, stage, route.proxy !== undefined);
          fail(reason, { origin, detail: reason === 'proxy-failed' ? route.proxy : strayData(origin) });
        },
      },
    );
  });
}
