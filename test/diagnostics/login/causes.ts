import type { DaemonSettings } from '../../../src/auth-engine/daemon-state.js';
import type { Trace } from '../../../src/auth-engine/trace.js';
import type { Role } from '../../../src/model/user.js';
import type { VerdictCauseId } from '../../../src/diagnostics/login/explanation.js';
import { answer, type Asked, hashOf, Kapacitor, type Node, token } from '../../auth-engine/engine.js';

/** A request to a Kapacitor that ends by a cause; `before` is asked first, one second apart. */
export interface Case {
  readonly name: string;
  readonly request: Asked;
  readonly before?: readonly Asked[];
  readonly node?: Node;
  readonly settings?: Partial<DaemonSettings>;
  readonly isAssumed?: boolean;
  readonly roles?: readonly Role[];
}

/** Users that the node of a case holds where it names no other. */
export const users = {
  johndoe: { password: 'right', permissions: { '': ['KapacitorAPI'] } },
  writer: { password: 'right', permissions: { telegraf: ['WriteData'] } },
  monitor: { password: 'right', permissions: { '': ['Monitor'] } },
  'a b': { password: 'right', permissions: {} },
  config: { password: 'right', permissions: { '': ['KapacitorConfigAPI'] } },
};

const tasks = '/kapacitor/v1/tasks';
const johndoe: Asked = { user: 'johndoe', password: 'right', path: tasks };
const wrong: Asked = { ...johndoe, password: 'wrong' };

function node(reply: ReturnType<Node>): Node {
  return () => reply;
}

function role(user: string, ...permissions: readonly string[]): Role {
  return { name: 'operators', permissions: new Map([['', permissions]]), users: [user] };
}

function bearer(claims: object, secret = ''): Asked {
  return { authorization: `Bearer ${token(claims, secret)}` };
}

const ldap: Node = (request) =>
  request.path === '/authorized'
    ? answer(401, { error: 'authorization failed' })
    : answer(200, { users: [{ name: 'johndoe', permissions: { '': ['KapacitorAPI'] } }] });

const ldapRight: Node = (request) =>
  request.path === '/authorized' ? answer(200) : answer(200, { users: [{ name: 'johndoe' }] });

/** A node that names no user, and answers `/authorized` by this status. */
function emptyList(status: number): Node {
  return (asked) => (asked.path === '/user' ? answer(200, { users: [] }) : answer(status));
}

function documentOf(user: object): Node {
  return node(answer(200, { users: [user] }));
}

/** At least one request for each cause. */
export const cases: Readonly<Record<VerdictCauseId, readonly Case[]>> = {
  allowed: [{ name: 'a right password and a right', request: johndoe }],
  'bad-request': [
    { name: 'a target that does not parse', request: { path: '/%zz' } },
    { name: 'a header that is none', request: { headers: [['X Y', 'z']] } },
    { name: 'GET *', request: { path: '*' } },
  ],
  unrouted: [{ name: 'another method', request: { method: 'TRACE' } }],
  redirect: [{ name: 'a path that is not clean', request: { path: '/kapacitor//v1/tasks' } }],
  'no-credentials': [{ name: 'no header, no query', request: {} }],
  'wrong-scheme': [{ name: 'Digest', request: { authorization: 'Digest x' } }],
  'unreadable-credentials': [
    { name: 'no base64', request: { authorization: 'Basic !' } },
    { name: 'no colon', request: { authorization: `Basic ${Buffer.from('x').toString('base64')}` } },
    { name: 'Bearer alone', request: { authorization: 'Bearer' } },
  ],
  'username-required': [{ name: 'an empty name', request: { user: '', password: 'x' } }],
  token: [
    { name: 'one segment', request: { authorization: 'Bearer x' } },
    { name: 'another method', request: { authorization: `Bearer ${token({}, '', { alg: 'none' })}` } },
    { name: 'another key', request: bearer({ username: 'johndoe', exp: 1 }, 'other') },
    { name: 'expired', request: bearer({ username: 'johndoe', exp: 1 }) },
    { name: 'no expiry', request: bearer({ username: 'johndoe' }) },
    { name: 'no user', request: bearer({ exp: 9e9 }) },
  ],
  'subscription-token': [{ name: 'an unknown one', request: { user: '~subscriber', password: 'abc' } }],
  'own-store': [{ name: 'no meta-addr', request: johndoe, settings: { users: 'own-store', metaAddr: '' } }],
  'bad-meta-addr': [
    { name: 'with a scheme', request: johndoe, settings: { metaAddr: 'http://meta:8091' } },
    { name: 'that cannot be dialled from here', request: johndoe, node: node({ error: 'unusable', text: '' }) },
  ],
  'meta-unreachable': [{ name: 'refused', request: johndoe, node: node({ error: 'refused', text: 'ECONNREFUSED' }) }],
  'meta-timeout': [{ name: 'no answer', request: johndoe, node: node({ error: 'timeout', text: '' }) }],
  'meta-tls': [{ name: 'no TLS', request: johndoe, node: node({ error: 'tls', text: '' }) }],
  'meta-redirect': [
    { name: 'in a circle', request: johndoe, node: node(answer(307, '', '/user')) },
    { name: 'to nowhere', request: johndoe, node: node(answer(307, '', 'ftp://x/')) },
    {
      name: 'to a name that cannot be reached',
      request: johndoe,
      node: ({ redirects: hop }) =>
        hop === 0 ? answer(307, '', 'http://meta-02:8091/user') : { error: 'refused', text: '' },
    },
  ],
  'meta-refuses-account': [
    { name: 'unknown', request: johndoe, node: node(answer(401, { error: 'authorization failed' })) },
    { name: 'without a right', request: johndoe, node: node(answer(403, { error: 'not allowed' })) },
    {
      name: 'of a shared secret',
      request: johndoe,
      node: node(answer(401)),
      settings: { metaSecret: 's3cret', metaUsername: '' },
    },
    { name: 'that is none', request: johndoe, node: node(answer(401)), settings: { metaUsername: '' } },
  ],
  'meta-refuses-connection': [
    {
      name: 'that is none',
      request: johndoe,
      node: node(answer(401)),
      settings: { metaUsername: '' },
      isAssumed: true,
    },
    { name: 'that is unknown', request: johndoe, node: node(answer(401)), isAssumed: true },
    { name: 'without a right', request: johndoe, node: node(answer(403)), isAssumed: true },
    {
      name: 'of a token that expired',
      request: johndoe,
      node: node(answer(401)),
      settings: { metaSecret: 's3cret', metaUsername: '' },
      isAssumed: true,
    },
  ],
  'unknown-user': [
    { name: 'a 404', request: { user: 'no body', password: 'x' } },
    { name: 'an empty list', request: { user: 'no body', password: 'x' }, node: emptyList(401) },
    { name: 'an empty list, and LDAP that takes everybody', request: johndoe, node: emptyList(200) },
  ],
  'no-leader': [{ name: 'between leaders', request: johndoe, node: node(answer(503, { error: 'no leader' })) }],
  'meta-error': [
    { name: 'a 500', request: johndoe, node: node(answer(500, { error: 'disk full\u001b[31m' })) },
    { name: 'a 204', request: johndoe, node: node(answer(204)) },
    {
      name: 'two users',
      request: johndoe,
      node: (asked) => (asked.path === '/user' ? answer(200, { users: [{}, {}] }) : answer(401)),
    },
  ],
  'unreadable-document': [{ name: 'HTML', request: johndoe, node: node(answer(200, '<html>')) }],
  'undecodable-document': [
    {
      name: 'an unknown permission',
      request: johndoe,
      node: documentOf({ name: 'johndoe', permissions: { '': ['ManageContnuousQuery'] } }),
    },
    { name: 'a wrong type', request: johndoe, node: documentOf({ name: 5 }) },
  ],
  'ldap-refused': [{ name: 'a wrong password', request: wrong, node: ldap }],
  'ldap-hash': [
    { name: 'over 72 bytes', request: { ...johndoe, password: 'x'.repeat(73) }, node: ldapRight },
    { name: 'bcrypt-cost 32', request: johndoe, node: ldapRight, settings: { bcryptCost: 32 } },
  ],
  'stale-user-cache': [{ name: 'a new password', request: wrong, before: [johndoe] }],
  'wrong-password': [
    { name: 'a wrong one', request: wrong },
    {
      name: 'of the user that the node answered with',
      request: wrong,
      node: documentOf({ name: 'other', hash: hashOf('right') }),
    },
  ],
  'hash-not-bcrypt': ['', '$3a$', '$2a$03$', 'pbkdf2', `$2a$04$${'+'.repeat(22)}`].map((hash, i) => ({
    name: `hash ${i}`,
    request: johndoe,
    node: documentOf({ name: 'johndoe', hash: i === 0 ? 'plain' : hash.padEnd(60, 'x') }),
  })),
  'right-only-by-role': [
    {
      name: 'a role that gives it',
      request: { ...johndoe, user: 'monitor' },
      roles: [role('monitor', 'KapacitorAPI'), role('other', 'KapacitorAPI')],
    },
  ],
  'right-elsewhere': [
    { name: 'the configuration', request: { ...johndoe, path: '/kapacitor/v1/config' } },
    { name: 'write, by GET', request: { user: 'writer', password: 'right', path: '/kapacitor/v1/write' } },
    { name: 'a preview, the second check', request: { ...johndoe, path: '/kapacitor/v1preview/config' } },
    {
      name: 'a preview, the first check',
      request: { user: 'config', password: 'right', path: '/kapacitor/v1preview/config' },
    },
  ],
  'no-right': [
    { name: 'nothing at all', request: { user: 'a b', password: 'right', path: tasks } },
    { name: 'nothing that counts', request: { ...johndoe, user: 'monitor' }, roles: [role('monitor', 'Monitor')] },
  ],
  'write-database': [
    { name: 'another one', request: { user: 'writer', password: 'right', method: 'POST', path: '/write?db=x' } },
    {
      name: 'that a role gives',
      request: { ...johndoe, method: 'POST', path: "/write?db=it's" },
      roles: [role('johndoe', 'WriteData')],
    },
  ],
};

/** The trace of a case. */
export function traceOf({ request, before = [], node: given, settings }: Case): Trace {
  const kapacitor = new Kapacitor(given ?? users, settings);
  for (const [i, one] of before.entries()) kapacitor.trace(one, i * 1e9);
  return kapacitor.trace(request, before.length * 1e9);
}
