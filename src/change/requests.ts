import type { MetaClient } from '../meta/api.js';
import type { RoleWrite, UserWrite } from '../meta/write.js';
import { Secret } from '../model/secret.js';
import type { Permissions } from '../model/user.js';
import type { Change, RoleChange, ScopedPermissions, SecretRef, UserChange } from './change.js';
import { foundOf, type Found } from './found.js';
import { inPlace } from './in-place.js';
import { passwordFits } from './password.js';

/** What changes need of a client. */
export type ChangeClient = Pick<MetaClient, 'users' | 'roles' | 'writeUser' | 'writeRole'>;

/** Gives the password or hash that a change refers to. */
export type SecretSource = (ref: SecretRef, change: Change) => Promise<Secret>;

function asMap(scoped: readonly ScopedPermissions[]): Permissions {
  const map = new Map<string, readonly string[]>();
  for (const { scope, permissions } of scoped) map.set(scope, [...(map.get(scope) ?? []), ...permissions]);
  return map;
}

/** Where the password or hash of a change comes from. */
function refOf(change: UserChange): SecretRef | undefined {
  if (change.action === 'create') return change.password ?? change.hash;
  return change.action === 'change-password' ? change.password : undefined;
}

function userWrite(change: UserChange, secret: Secret | undefined): UserWrite {
  const { name } = change;
  switch (change.action) {
    case 'create':
      return { action: change.action, user: { name, [change.password ? 'password' : 'hash']: secret } };
    case 'delete':
      return { action: change.action, user: { name } };
    case 'change-password':
      return { action: change.action, user: { name, password: secret ?? new Secret('') } };
    case 'add-permissions':
    case 'remove-permissions':
      return { action: change.action, user: { name, permissions: asMap(change.permissions) } };
  }
}

function roleWrite(change: RoleChange): RoleWrite {
  const { name } = change;
  switch (change.action) {
    case 'create':
    case 'delete':
      return { action: change.action, role: { name } };
    case 'add-users':
    case 'remove-users':
      return { action: change.action, role: { name, users: change.users } };
    case 'add-permissions':
    case 'remove-permissions':
      return { action: change.action, role: { name, permissions: asMap(change.permissions) } };
  }
}

/** Sends a change as one request. */
export async function send(
  client: ChangeClient,
  change: Change,
  secret: SecretSource,
  signal?: AbortSignal,
): Promise<void> {
  if (change.on === 'role') return client.writeRole(roleWrite(change), { signal });
  const ref = refOf(change);
  return client.writeUser(userWrite(change, ref && (await secret(ref, change))), { signal });
}

/** Whether the one document that a change touches shows it now; undefined where that cannot be told. */
export async function shows(
  client: ChangeClient,
  change: Change,
  before: Found,
  secret: SecretSource,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  const { name } = change;
  const now =
    change.on === 'user'
      ? foundOf(await client.users({ name, signal }), [])
      : foundOf([], await client.roles({ name, signal }));
  return isShown(change, now, before, secret);
}

/** Whether what was read shows a change, its password included; undefined where that cannot be told. */
export async function isShown(
  change: Change,
  now: Found,
  before: Found,
  secret: SecretSource,
): Promise<boolean | undefined> {
  const seen = inPlace(change, now, before);
  if (seen !== true || change.action !== 'change-password') return seen;
  const hash = now.users.get(change.name)?.hash;
  if (hash !== undefined && hash.reveal() === before.users.get(change.name)?.hash?.reveal()) return false;
  return passwordFits(await secret(change.password, change), hash);
}
