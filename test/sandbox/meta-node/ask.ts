import { createHmac, randomBytes } from 'node:crypto';
import { Secret } from '../../../src/model/secret.js';
import { createBcrypt } from '../../../src/sandbox/start.js';
import { createVerifiedPasswords, runSync } from '../../../src/sandbox/meta-node/login.js';
import { type HandlerOptions, type SandboxNode, singleNode } from '../../../src/sandbox/meta-node/cluster.js';
import { allPermissions, type ClusterState, emptyState, noGrants } from '../../../src/sandbox/meta-node/store.js';
import { handleNodeRequest } from '../../../src/sandbox/meta-node/handler.js';
import type { NodeRequest, NodeResponse } from '../../../src/sandbox/meta-node/messages.js';

export const bcrypt = createBcrypt(4, randomBytes);
const adminHash = bcrypt.hash(new Secret('changeit'));

export interface Sent {
  readonly body?: object | string;
  readonly headers?: NodeRequest['headers'];
  /** `name:password`; without it the request bears no credentials. */
  readonly as?: string;
}

export function basic(as: string): string {
  return `Basic ${Buffer.from(as).toString('base64')}`;
}

export function toRequest(line: string, { body = '', headers = {}, as }: Sent = {}): NodeRequest {
  const [method = '', target = ''] = line.split(' ');
  const [path = '', query = ''] = target.split('?', 2);
  return {
    method,
    path,
    query,
    headers: as === undefined ? headers : { ...headers, authorization: basic(as) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

export function handlerOptions(changed: Partial<HandlerOptions> = {}): HandlerOptions {
  return {
    login: { kind: 'users', secrets: { shared: undefined, internal: undefined } },
    ldap: false,
    mergeRolePermissions: false,
    createTakesAll: false,
    longPasswords: false,
    pingAuth: false,
    version: '1.11.8-c1.11.8',
    memory: createVerifiedPasswords('salt'),
    ...changed,
  };
}

/** A cluster with admin/changeit, who may do everything, and `johndoe`/Pa5sw0Rd, who may do nothing. */
export function peopledState(): ClusterState {
  const state = emptyState();
  const add = (name: string, hash: Secret, permissions = noGrants): void =>
    void state.users.set(name, { name, hash, ldap: false, permissions });
  add('admin', adminHash, allPermissions);
  add('johndoe', bcrypt.hash(new Secret('Pa5sw0Rd')));
  return state;
}

export type Ask = (line: string, sent?: Sent) => NodeResponse;

/** A node to which requests can be put without a socket: `ask('GET /user', { as: 'admin:changeit' })`. */
export function asker(state: ClusterState | SandboxNode, options: HandlerOptions = handlerOptions(), now = 0): Ask {
  const node = 'commit' in state ? state : singleNode(state);
  return (line, sent) =>
    runSync(handleNodeRequest(node, options, toRequest(line, sent), { now, requestId: 'some-id' }), bcrypt);
}

export const admin = { as: 'admin:changeit' } as const;

/** A bearer token as Kapacitor makes them. */
export function sign(claims: object, secret: string, alg = 'HS512'): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${encode({ alg, typ: 'JWT' })}.${encode(claims)}`;
  return `${content}.${createHmac(alg.replace('HS', 'sha'), secret).update(content).digest('base64url')}`;
}

export interface UserDocument {
  readonly name: string;
  readonly hash: string;
  readonly permissions?: Readonly<Record<string, readonly string[]>>;
}

/** The users in the body of an answer. */
export function usersIn(body: string): readonly UserDocument[] {
  return (JSON.parse(body) as { users: UserDocument[] }).users;
}
