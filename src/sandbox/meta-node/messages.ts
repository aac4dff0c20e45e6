import type { WriteRefusal } from './store.js';

/** A request to a meta node as received. */
export interface NodeRequest {
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  /** Percent-encoded, without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export type ResponseHeader = readonly [name: string, value: string];

export interface NodeResponse {
  readonly status: number;
  readonly headers: readonly ResponseHeader[];
  readonly body: string;
}

/** The part of a response that a route decides. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: readonly ResponseHeader[];
}

const json: ResponseHeader = ['Content-Type', 'application/json'];
const text: ResponseHeader = ['Content-Type', 'text/plain; charset=utf-8'];

const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** JSON with the escapes of Go's encoding/json. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (char) => escapes[char] ?? char);
}

export function jsonReply(value: unknown): Reply {
  return { status: 200, body: goJson(value), headers: [json] };
}

/** A write that worked: 200 and nothing else. */
export const okReply: Reply = { status: 200, body: '', headers: [text] };

export const noContent: Reply = { status: 204, body: '', headers: [] };

const challenge: ResponseHeader = ['WWW-Authenticate', 'Basic realm="InfluxDB"'];

export function errorReply(status: number, error: string): Reply {
  return { status, body: goJson({ error }), headers: status === 401 ? [json, challenge] : [json] };
}

export function refusalReply(refusal: WriteRefusal): Reply {
  return errorReply(refusal.status, refusal.error);
}

export function redirectReply(location: string): Reply {
  return { status: 307, body: '', headers: [['Location', location], text] };
}

export function textReply(status: number, body: string): Reply {
  return { status, body, headers: [text] };
}
