import { Buffer } from 'node:buffer';
import { maxBcryptBytes, Secret } from '../model/secret.js';
import type { Permissions } from '../model/user.js';
import type { Exchange } from './exchange.js';
import { allPermissions, grant, noGrants } from './grants.js';
import { elsewhere } from './leadership.js';
import { askHash, type Asking } from './drive.js';
import { done, errorReply, jsonReply, refusalReply, type Reply } from './reply.js';
import { type ClusterState, refusalOf, type StoredUser, type userActions, type UserWrite } from './store.js';
import { readUserBody, type WriteBody } from './write-body.js';

type UserAction = (typeof userActions)[number];

const ldapRefusals: Readonly<Record<UserAction, string>> = {
  create: 'creating users is disallowed when ldap is enabled',
  delete: 'dropping users is disallowed when ldap is enabled',
  'change-password': 'updating users is disallowed when ldap is enabled',
  'add-permissions': 'modifying user privileges is disallowed when ldap is enabled',
  'remove-permissions': 'modifying user privileges is disallowed when ldap is enabled',
};

function effective(state: ClusterState, user: StoredUser): Permissions {
  let all = user.permissions;
  for (const role of state.roles.values()) if (role.users.has(user.name)) all = grant(all, role.permissions);
  return all;
}

function document({ node, options }: Exchange, user: StoredUser): object {
  const permissions = options.mergeRolePermissions ? effective(node.state(), user) : user.permissions;
  return {
    name: user.name,
    hash: options.ldap || user.ldap ? '' : user.hash.reveal(),
    ...(permissions.size > 0 ? { permissions: Object.fromEntries(permissions) } : {}),
  };
}

export function getUsers(exchange: Exchange): Reply {
  const { users } = exchange.node.state();
  const name = exchange.query.get('name') ?? '';
  if (name === '') {
    return jsonReply(users.size === 0 ? {} : { users: [...users.values()].map((user) => document(exchange, user)) });
  }
  const user = users.get(name);
  return user === undefined ? errorReply(404, 'user not found') : jsonReply({ users: [document(exchange, user)] });
}

/** A new password is hashed and remembered; `create` takes a ready hash in its place. */
function* newHash(exchange: Exchange, body: WriteBody<UserAction>): Asking<Secret> {
  if (body.password === undefined) return body.hash ?? new Secret('');
  const hash = yield* askHash(body.password);
  exchange.options.memory.remember(body.name, hash, body.password);
  return hash;
}

function* toWrite(exchange: Exchange, body: WriteBody<UserAction>): Asking<UserWrite> {
  const { name, action, permissions } = body;
  if (action === 'create') {
    const { options, node } = exchange;
    const first = options.login.kind === 'users' && node.state().users.size === 0;
    const granted = first ? allPermissions : options.createTakesAll ? permissions : noGrants;
    return { on: 'user', action, name, hash: yield* newHash(exchange, body), permissions: granted };
  }
  if (action === 'change-password') return { on: 'user', action, name, hash: yield* newHash(exchange, body) };
  if (action === 'delete') return { on: 'user', action, name };
  return { on: 'user', action, name, permissions };
}

/**
 * One action on a user. The first user of a cluster with authentication on may be created without credentials and gets
 * every permission: how the real server comes to its first admin through this API is not known.
 */
export function* postUser(exchange: Exchange): Asking<Reply> {
  const { node, options, request } = exchange;
  const body = readUserBody(request.body);
  const away = elsewhere(node, '/user');
  if (away) return away;
  if ('error' in body) return refusalReply(body);
  if (options.ldap) return errorReply(400, ldapRefusals[body.action]);
  const noPassword = body.password === undefined && (body.action === 'change-password' || body.hash === undefined);
  if ((body.action === 'create' || body.action === 'change-password') && noPassword) {
    return errorReply(400, 'password required');
  }
  const refusal = refusalOf(node.state(), { on: 'user', ...body });
  if (refusal) return refusalReply(refusal);
  if (!options.longPasswords && Buffer.byteLength(body.password?.reveal() ?? '') > maxBcryptBytes) {
    return errorReply(500, `password length exceeds ${maxBcryptBytes} bytes`);
  }
  const write = yield* toWrite(exchange, body);
  const moved = elsewhere(node, '/user');
  if (moved) return moved;
  const refused = node.commit(write);
  if (refused) return refusalReply(refused);
  if (write.action === 'delete') options.memory.forget(write.name);
  return done;
}
