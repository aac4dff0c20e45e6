import { Secret } from '../../model/secret.js';
import type { Permissions } from '../../model/user.js';
import { type WriteRefusal, roleActions, userActions } from './store.js';

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
