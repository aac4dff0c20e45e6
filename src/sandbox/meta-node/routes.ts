import { Buffer } from 'node:buffer';
import { maxBcryptBytes, Secret } from '../../model/secret.js';
import { holdsPermission, type Permissions } from '../../model/permissions.js';
import { redirectToLeader, type RouteContext } from './cluster.js';
import {
  addPermissions,
  allPermissions,
  checkTarget,
  type ClusterState,
  noGrants,
  type roleActions,
  type StoredRole,
  type StoredUser,
  type StoreRoleWrite,
  type StoreUserWrite,
  type userActions,
} from './store.js';
import { type BcryptComputation, nodePasswordMatches, requestHash } from './login.js';
import {
  errorReply,
  jsonReply,
  noContent,
  okReply,
  readRoleBody,
  readUserBody,
  refusalReply,
  type Reply,
  type WriteBody,
} from './messages.js';
import { type AclFields, isAclFields } from '../../model/acl.js';

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
  for (const role of state.roles.values()) if (role.users.has(user.name)) all = addPermissions(all, role.permissions);
  return all;
}

function userJson({ node, options }: RouteContext, user: StoredUser): object {
  const permissions = options.mergeRolePermissions ? effective(node.state(), user) : user.permissions;
  return {
    name: user.name,
    hash: options.ldap || user.ldap ? '' : user.hash.reveal(),
    ...(permissions.size > 0 ? { permissions: Object.fromEntries(permissions) } : {}),
  };
}

export function getUsers(exchange: RouteContext): Reply {
  const { users } = exchange.node.state();
  const name = exchange.query.get('name') ?? '';
  if (name === '') {
    return jsonReply(users.size === 0 ? {} : { users: [...users.values()].map((user) => userJson(exchange, user)) });
  }
  const user = users.get(name);
  return user === undefined ? errorReply(404, 'user not found') : jsonReply({ users: [userJson(exchange, user)] });
}

/** A new password is hashed and remembered; `create` takes a ready hash in its place. */
function* newHash(exchange: RouteContext, body: WriteBody<UserAction>): BcryptComputation<Secret> {
  if (body.password === undefined) return body.hash ?? new Secret('');
  const hash = yield* requestHash(body.password);
  exchange.options.memory.remember(body.name, hash, body.password);
  return hash;
}

function* toUserWrite(exchange: RouteContext, body: WriteBody<UserAction>): BcryptComputation<StoreUserWrite> {
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
 * every permission: how the real server gets its first admin through this API is unknown.
 */
export function* postUser(exchange: RouteContext): BcryptComputation<Reply> {
  const { node, options, request } = exchange;
  const body = readUserBody(request.body);
  const away = redirectToLeader(node, '/user');
  if (away) return away;
  if ('error' in body) return refusalReply(body);
  if (options.ldap) return errorReply(400, ldapRefusals[body.action]);
  const noPassword = body.password === undefined && (body.action === 'change-password' || body.hash === undefined);
  if ((body.action === 'create' || body.action === 'change-password') && noPassword) {
    return errorReply(400, 'password required');
  }
  const refusal = checkTarget(node.state(), { on: 'user', ...body });
  if (refusal) return refusalReply(refusal);
  if (!options.longPasswords && Buffer.byteLength(body.password?.reveal() ?? '') > maxBcryptBytes) {
    return errorReply(500, `password length exceeds ${maxBcryptBytes} bytes`);
  }
  const write = yield* toUserWrite(exchange, body);
  const moved = redirectToLeader(node, '/user');
  if (moved) return moved;
  const refused = node.commit(write);
  if (refused) return refusalReply(refused);
  if (write.action === 'delete') options.memory.forget(write.name);
  return okReply;
}

function roleJson(role: StoredRole): object {
  return {
    name: role.name,
    ...(role.permissions.size > 0 ? { permissions: Object.fromEntries(role.permissions) } : {}),
    ...(role.users.size > 0 ? { users: [...role.users] } : {}),
  };
}

export function getRoles({ node, query }: RouteContext): Reply {
  const { roles } = node.state();
  const name = query.get('name') ?? '';
  if (name === '') return jsonReply(roles.size === 0 ? {} : { roles: [...roles.values()].map(roleJson) });
  const role = roles.get(name);
  return role === undefined ? errorReply(404, 'role not found') : jsonReply({ roles: [roleJson(role)] });
}

function toRoleWrite(body: WriteBody<(typeof roleActions)[number]>, createTakesAll: boolean): StoreRoleWrite {
  const { action, name, permissions, users } = body;
  if (action === 'create') {
    return createTakesAll
      ? { on: 'role', action, name, permissions, users }
      : { on: 'role', action, name, permissions: noGrants, users: [] };
  }
  if (action === 'delete') return { on: 'role', action, name };
  if (action === 'add-users' || action === 'remove-users') return { on: 'role', action, name, users };
  return { on: 'role', action, name, permissions };
}

export function postRole({ node, options, request }: RouteContext): Reply {
  const away = redirectToLeader(node, '/role');
  if (away) return away;
  const body = readRoleBody(request.body);
  if ('error' in body) return refusalReply(body);
  const refused = node.commit(toRoleWrite(body, options.createTakesAll));
  return refused ? refusalReply(refused) : okReply;
}

export function getStatus({ node }: RouteContext): Reply {
  const { self, leader, members } = node.membership();
  return jsonReply({
    nodeType: 'meta',
    leader: leader?.raftAddr ?? '',
    httpAddr: self.httpAddr,
    raftAddr: self.raftAddr,
    peers: members.map((member) => member.raftAddr),
  });
}

export function getShowCluster({ node, options }: RouteContext): Reply {
  const meta = node.membership().members.map((member) => ({
    id: member.id,
    addr: member.httpAddr,
    httpScheme: member.scheme,
    tcpAddr: member.raftAddr,
    version: options.version,
  }));
  return jsonReply({ data: [], meta });
}

export function getLdapConfig({ options }: RouteContext): Reply {
  return jsonReply({ structured: { enabled: options.ldap } });
}

/** Whether a name, password and right belong together: 200 or 401. `NoPermissions` asks for the password alone. */
export function* getAuthorized({ node, options, query }: RouteContext): BcryptComputation<Reply> {
  const name = query.get('name') ?? '';
  const password = new Secret(query.get('password') ?? '');
  const permission = query.get('permission') ?? '';
  const user = node.state().users.get(name);
  const known = options.passwords?.get(name);
  const fits =
    user !== undefined &&
    (options.passwords === undefined
      ? yield* nodePasswordMatches(user, password, options.memory)
      : known !== undefined && known.reveal() === password.reveal());
  const holder = permission === '' || permission === 'NoPermissions';
  const allowed = fits && (holder || holdsPermission(user.permissions, permission, query.get('resource') ?? ''));
  return allowed ? okReply : errorReply(401, 'authorization failed');
}

// Restrictions and grants as documented. Chosen here, since the documentation does not say: the shape of responses, and
// that names of users, roles and databases are not checked.

const aclPath = /^\/influxdb\/v2\/acl\/(restrictions|grants)(?:\/([^/]+))?$/;

function isMatch(value: unknown): boolean {
  return (
    isAclFields(value) && ['exact', 'prefix'].includes(String(value['match'])) && typeof value['value'] === 'string'
  );
}

function isRule(fields: unknown): fields is AclFields {
  if (!isAclFields(fields) || !isMatch(fields['database'])) return false;
  const { measurement, tags = [], permissions } = fields;
  const isKnown = (name: unknown): boolean => name === 'read' || name === 'write';
  return (
    (measurement === undefined || isMatch(measurement)) &&
    Array.isArray(tags) &&
    tags.every((tag) => isMatch(tag) && typeof (tag as AclFields)['key'] === 'string') &&
    Array.isArray(permissions) &&
    permissions.length > 0 &&
    permissions.every(isKnown)
  );
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The route of a request about restrictions or grants; undefined for any other. */
export function findAclRoute(method: string, path: string): ((exchange: RouteContext) => Reply) | undefined {
  const [, kind, id] = aclPath.exec(path) ?? [];
  if (kind === undefined || method !== (id === undefined ? (method === 'GET' ? 'GET' : 'POST') : 'DELETE'))
    return undefined;
  return ({ node, request }) => {
    const { acl, index } = node.state();
    if (method === 'GET') {
      return jsonReply({ [kind]: [...acl].flatMap(([name, entry]) => (name.startsWith(kind) ? [entry] : [])) });
    }
    const away = redirectToLeader(node, path);
    if (away) return away;
    if (id !== undefined) {
      const refused = node.commit({ on: 'acl', action: 'delete', name: `${kind}/${id}` });
      return refused ? refusalReply(refused) : noContent;
    }
    const fields = parse(request.body);
    if (!isRule(fields)) return errorReply(400, `invalid ${kind.slice(0, -1)}`);
    const entry = { id: String(index), ...fields };
    const refused = node.commit({ on: 'acl', action: 'create', name: `${kind}/${index}`, entry });
    return refused ? refusalReply(refused) : { ...jsonReply(entry), status: 201 };
  };
}
