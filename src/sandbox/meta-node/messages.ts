import { roleActions, userActions, type WriteRefusal } from './store.js';
import { Secret } from '../../model/secret.js';
import type { Permissions } from '../../model/permissions.js';

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

/** The body of a POST to `/user` or `/role`, its shape checked. */
export interface WriteBody<A extends string> {
  readonly action: A;
  readonly name: string;
  readonly password: Secret | undefined;
  readonly hash: Secret | undefined;
  readonly permissions: Permissions;
  readonly users: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** Permissions as JSON or YAML gives them; undefined where the shape is another. */
export function readPermissions(value: unknown): Permissions | undefined {
  if (value === undefined || value === null) return new Map();
  if (!isFields(value)) return undefined;
  const scopes = Object.entries(value).map(([scope, names]) => [scope, names ?? []] as const);
  return scopes.every((entry): entry is readonly [string, readonly string[]] => isTexts(entry[1]))
    ? new Map(scopes)
    : undefined;
}

function secret(value: unknown): Secret | undefined {
  return typeof value === 'string' && value !== '' ? new Secret(value) : undefined;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function readBody<A extends string>(
  body: string,
  key: 'user' | 'role',
  actions: readonly A[],
  nameMissing: string,
): WriteBody<A> | WriteRefusal {
  const refuse = (error: string): WriteRefusal => ({ status: 400, error });
  const fields = parse(body);
  if (!isFields(fields)) return refuse(body === '' ? 'EOF' : 'invalid JSON');
  const action = actions.find((known) => known === fields['action']);
  if (action === undefined) {
    const given = fields['action'];
    return refuse(`invalid action: ${typeof given === 'string' ? given : ''}`);
  }
  const subject = fields[key];
  if (!isFields(subject)) return refuse(`invalid ${key}`);
  const name = subject['name'] ?? '';
  const users = subject['users'] ?? [];
  const permissions = readPermissions(subject['permissions']);
  if (typeof name !== 'string' || !isTexts(users) || permissions === undefined) return refuse(`invalid ${key}`);
  if (name === '') return refuse(nameMissing);
  return {
    action,
    name,
    password: secret(subject['password']),
    hash: secret(subject['hash']),
    permissions,
    users,
  };
}

export function readUserBody(body: string): WriteBody<(typeof userActions)[number]> | WriteRefusal {
  return readBody(body, 'user', userActions, 'username required');
}

/** `role name required` is the text of an open re-implementation; the real one is unknown. */
export function readRoleBody(body: string): WriteBody<(typeof roleActions)[number]> | WriteRefusal {
  return readBody(body, 'role', roleActions, 'role name required');
}
