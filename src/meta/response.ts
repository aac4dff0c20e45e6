import { isUtf8 } from 'node:buffer';
import { type RequestContext, errorPrefix, MetaError, responseError } from './errors.js';
import { displayBody } from './redact.js';
import type { HttpResponse } from './transport/exchange.js';
import { UnexpectedShapeError } from './wire.js';

const maxDepth = 64;

/** The error of a response with the expected status that cannot be parsed; it shows the body. */
function unreadableError(
  response: HttpResponse,
  context: RequestContext,
  code: string,
  why: string,
  hint?: string,
): MetaError {
  const displayed = displayBody(response.body, context.secrets);
  const came = displayed === '' ? 'an empty body' : displayed;
  return new MetaError('server', code, `${errorPrefix(context)}: ${response.status}, ${why}: ${came}`, {
    method: context.method,
    url: context.url,
    deliveryStatus: context.write ? 'unknown' : 'responded',
    status: response.status,
    serverText: displayed,
    hint,
  });
}

function decodeBody(response: HttpResponse, context: RequestContext): string {
  const { body } = response;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!isUtf8(bytes)) throw unreadableError(response, context, 'not-json', 'but the body is not UTF-8');
  if (isDeeperThan(bytes, maxDepth))
    throw unreadableError(response, context, 'wrong-shape', 'but the JSON is nested too deeply');
  const text = bytes.toString('utf8');
  if (/^\s*</.test(text)) {
    const hint = 'Check the URL: this looks like a proxy or a web page, not a meta node.';
    throw unreadableError(response, context, 'html', 'but the body is HTML', hint);
  }
  return text;
}

function parseJson(response: HttpResponse, context: RequestContext): unknown {
  const text = decodeBody(response, context);
  try {
    return JSON.parse(text);
  } catch {
    throw unreadableError(response, context, 'not-json', 'but the body is not JSON');
  }
}

/** Throws for every status but the expected ones. */
export function expectStatus(response: HttpResponse, context: RequestContext, ...expected: readonly number[]): void {
  if (!expected.includes(response.status)) throw responseError(response, context);
}

/** The value of a 200 response, parsed by one of the parsers of wire.ts. Throws a MetaError otherwise. */
export function readJson<T>(response: HttpResponse, context: RequestContext, parse: (value: unknown) => T): T {
  expectStatus(response, context, 200);
  const value = parseJson(response, context);
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof UnexpectedShapeError)) throw error;
    throw unreadableError(response, context, 'wrong-shape', `but not the response of a meta node (${error.message})`);
  }
}

/**
 * A write is done when the response is 200 (or one of `also`) with an empty body. A page or an error with such a status
 * is an error.
 */
export function expectWriteDone(response: HttpResponse, context: RequestContext, ...also: readonly number[]): void {
  expectStatus(response, context, 200, ...also);
  if (response.body.length === 0) return;
  const value = parseJson(response, context);
  if (typeof value === 'object' && value !== null && Reflect.has(value, 'error')) {
    throw unreadableError(response, context, 'wrong-shape', 'but with an error');
  }
}

const quote = 0x22;
const backslash = 0x5c;

/**
 * Whether arrays and objects of a JSON document are nested deeper than `limit`. JSON.parse needs 40 bytes of memory
 * for each level, so 64 MiB of brackets would cost gigabytes.
 */
export function isDeeperThan(json: Uint8Array, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) {
      at++;
      while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1;
    } else if (byte === 0x5b || byte === 0x7b) {
      depth++;
      if (depth > limit) return true;
    } else if (byte === 0x5d || byte === 0x7d) {
      depth--;
    }
  }
  return false;
}
