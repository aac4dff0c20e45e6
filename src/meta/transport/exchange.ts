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

/** An exchange without a whole answer. `sent` is false only when no byte of the request left. */
export class ExchangeFailure extends Error {
  readonly reason: FailureReason;
  readonly sent: boolean;
  /** What there is to show: bytes that came in place of HTTP, an encoding, a proxy. */
  readonly detail: string | undefined;

  constructor(reason: FailureReason, sent: boolean, more: { cause?: unknown; detail?: string | undefined } = {}) {
    super(reason, { cause: more.cause });
    this.reason = reason;
    this.sent = sent;
    this.detail = more.detail;
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
  const { timeout, maxBody, signal } = limits;
  return new Promise((resolve, reject) => {
    let stage: Stage = 'connecting';
    let controller: Dispatcher.DispatchController | undefined;
    let status = 0;
    let headers: Headers = {};
    let settled = false;
    const body = collectBody(maxBody);

    const settle = () => {
      settled = true;
      clearTimeout(timer);
      unsubscribe();
    };
    const fail = (reason: FailureReason, more?: { cause?: unknown; detail?: string | undefined }) => {
      if (settled) return;
      settle();
      const failure = new ExchangeFailure(reason, stage !== 'connecting', more);
      controller?.abort(failure);
      reject(failure);
    };
    const abort = () => fail('aborted', { cause: signal?.reason });
    const timer = setTimeout(fail, timeout, 'timeout');
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
          else if (Number(single(received, 'content-length')) > maxBody) fail('too-large');
        },
        onResponseData(_, chunk) {
          if (!settled && !body.add(chunk)) fail('too-large');
        },
        onResponseEnd() {
          if (settled) return;
          settle();
          resolve({ status, header: (name) => single(headers, name), body: body.bytes() });
        },
        onResponseError(_, cause) {
          const reason = reasonOf(cause, stage, route.proxy !== undefined);
          fail(reason, { cause, detail: reason === 'proxy-failed' ? route.proxy : strayData(cause) });
        },
      },
    );
  });
}
