import type { AclFields } from '../../model/acl.js';
import type { Secret } from '../../model/secret.js';
import { everyPermission, type Permissions } from '../../model/permissions.js';

export interface StoredUser {
  readonly name: string;
  /** Of an LDAP user: what `/authorized` compares with; it never shows in the user record. */
  readonly hash: Secret;
  readonly ldap: boolean;
  readonly permissions: Permissions;
}

export interface StoredRole {
  readonly name: string;
  readonly permissions: Permissions;
  /** Owned by the state: changed in place. */
  readonly users: Set<string>;
}

/** What a cluster holds. Owned by one caller: `apply` changes it in place, so that a write costs the same at any size. */
export interface ClusterState {
  /** Counts the writes that were applied. */
  index: number;
  readonly users: Map<string, StoredUser>;
  readonly roles: Map<string, StoredRole>;
  /** Restrictions and grants as they were sent, by `restrictions/ID` or `grants/ID`. */
  readonly acl: Map<string, AclFields>;
}

export const userActions = ['create', 'delete', 'change-password', 'add-permissions', 'remove-permissions'] as const;
export const roleActions = [
  'create',
  'delete',
  'add-users',
  'remove-users',
  'add-permissions',
  'remove-permissions',
] as const;

/** A write with its hash made: applied to the same states, it gives the same states. */
export type StoreUserWrite = { readonly on: 'user'; readonly name: string } & (
  | { readonly action: 'create'; readonly hash: Secret; readonly permissions: Permissions }
  | { readonly action: 'change-password'; readonly hash: Secret }
  | { readonly action: 'delete' }
  | { readonly action: 'add-permissions' | 'remove-permissions'; readonly permissions: Permissions }
);

export type StoreRoleWrite = { readonly on: 'role'; readonly name: string } & (
  | { readonly action: 'create'; readonly permissions: Permissions; readonly users: readonly string[] }
  | { readonly action: 'delete' }
  | { readonly action: 'add-users' | 'remove-users'; readonly users: readonly string[] }
  | { readonly action: 'add-permissions' | 'remove-permissions'; readonly permissions: Permissions }
);

export type StoreAclWrite = { readonly on: 'acl'; readonly name: string } & (
  { readonly action: 'create'; readonly entry: AclFields } | { readonly action: 'delete' }
);

export type StoreWrite = StoreUserWrite | StoreRoleWrite | StoreAclWrite;

export interface WriteRefusal {
  readonly status: number;
  readonly error: string;
}

export function emptyState(): ClusterState {
  return { index: 1, users: new Map(), roles: new Map(), acl: new Map() };
}

/** A state that can be changed without the other seeing it. */
export function copyState(state: ClusterState): ClusterState {
  const roles = [...state.roles].map(([name, role]) => [name, { ...role, users: new Set(role.users) }] as const);
  return { index: state.index, users: new Map(state.users), roles: new Map(roles), acl: new Map(state.acl) };
}

/** Why a write cannot be applied: its target is missing, or there already. */
export function checkTarget(
  state: ClusterState,
  write: { readonly on: StoreWrite['on']; readonly action: string; readonly name: string },
): WriteRefusal | undefined {
  const exists = { user: state.users, role: state.roles, acl: state.acl }[write.on].has(write.name);
  if (write.action === 'create') return exists ? { status: 400, error: `${write.on} already exists` } : undefined;
  return exists ? undefined : { status: 404, error: `${write.on} not found` };
}

/**
 * Executes a write, or says why not and changes nothing. Unknown of the real server, and chosen here: only users
 * that exist can become members (404 otherwise), and a deleted user leaves its roles.
 */
export function applyWrite(state: ClusterState, write: StoreWrite): WriteRefusal | undefined {
  const refusal = checkTarget(state, write) ?? (write.on === 'role' ? unknownMembers(state, write) : undefined);
  if (refusal) return refusal;
  state.index += 1;
  if (write.on === 'user') applyToUser(state, write);
  else if (write.on === 'acl') applyToAcl(state, write);
  else applyToRole(state, write);
  return undefined;
}

function applyToAcl(state: ClusterState, write: StoreAclWrite): void {
  if (write.action === 'create') state.acl.set(write.name, write.entry);
  else state.acl.delete(write.name);
}

function unknownMembers(state: ClusterState, write: StoreRoleWrite): WriteRefusal | undefined {
  if (write.action !== 'add-users' && write.action !== 'create') return undefined;
  const known = write.users.every((name) => state.users.has(name));
  return known ? undefined : { status: 404, error: 'user not found' };
}

function applyToUser(state: ClusterState, write: StoreUserWrite): void {
  const { name } = write;
  if (write.action === 'create') {
    const permissions = addPermissions(noGrants, write.permissions);
    state.users.set(name, { name, hash: write.hash, ldap: false, permissions });
    return;
  }
  const user = state.users.get(name);
  if (user === undefined) return;
  if (write.action === 'delete') {
    state.users.delete(name);
    for (const role of state.roles.values()) role.users.delete(name);
  } else if (write.action === 'change-password') {
    state.users.set(name, { ...user, hash: write.hash });
  } else {
    const change = write.action === 'add-permissions' ? addPermissions : removePermissions;
    state.users.set(name, { ...user, permissions: change(user.permissions, write.permissions) });
  }
}

function applyToRole(state: ClusterState, write: StoreRoleWrite): void {
  const { name } = write;
  if (write.action === 'create') {
    state.roles.set(name, {
      name,
      permissions: addPermissions(noGrants, write.permissions),
      users: new Set(write.users),
    });
    return;
  }
  const role = state.roles.get(name);
  if (role === undefined) return;
  if (write.action === 'delete') {
    state.roles.delete(name);
  } else if ('users' in write) {
    for (const user of write.users) role.users[write.action === 'add-users' ? 'add' : 'delete'](user);
  } else {
    const change = write.action === 'add-permissions' ? addPermissions : removePermissions;
    state.roles.set(name, { ...role, permissions: change(role.permissions, write.permissions) });
  }
}

export const noGrants: Permissions = new Map();

/** Every permission on all databases. */
export const allPermissions: Permissions = new Map([['', everyPermission]]);

/** What `have` is after `more` was granted; an empty scope is left out. */
export function addPermissions(have: Permissions, more: Permissions): Permissions {
  const after = new Map(have);
  for (const [scope, names] of more) {
    const all = new Set([...(after.get(scope) ?? []), ...names]);
    if (all.size > 0) after.set(scope, [...all]);
  }
  return after;
}

/** The rest of `have` after `less` was revoked. */
function removePermissions(have: Permissions, less: Permissions): Permissions {
  const after = new Map(have);
  for (const [scope, names] of less) {
    const left = (after.get(scope) ?? []).filter((name) => !names.includes(name));
    if (left.length > 0) after.set(scope, left);
    else after.delete(scope);
  }
  return after;
}
