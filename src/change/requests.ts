import type { MetaClient } from '../meta/api.js';
import type { RoleWrite } from '../meta/wire.js';
import type { Secret } from '../model/secret.js';
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

async function sendUser(
  client: ChangeClient,
  change: UserChange,
  secret: SecretSource,
  options: { signal: AbortSignal | undefined },
): Promise<void> {
  const { name } = change;
  switch (change.action) {
    case 'create': {
      const password = change.password && (await secret(change.password, change));
      const hash = change.hash && (await secret(change.hash, change));
      return client.writeUser({ action: change.action, user: { name, password, hash } }, options);
    }
    case 'delete':
      return client.writeUser({ action: change.action, user: { name } }, options);
    case 'change-password': {
      const password = await secret(change.password, change);
      return client.writeUser({ action: change.action, user: { name, password } }, options);
    }
    case 'add-permissions':
    case 'remove-permissions': {
      const permissions = asMap(change.permissions);
      return client.writeUser({ action: change.action, user: { name, permissions } }, options);
    }
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
export function send(client: ChangeClient, change: Change, secret: SecretSource, signal?: AbortSignal): Promise<void> {
  return change.on === 'user'
    ? sendUser(client, change, secret, { signal })
    : client.writeRole(roleWrite(change), { signal });
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

/**
 * Whether what already exists is what a create would have made: a role, or a user with this password or hash. Undefined
 * where no read shows it yet.
 */
export async function isCreated(
  client: ChangeClient,
  change: Change,
  secret: SecretSource,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  const { name } = change;
  if (change.on === 'role') return (await client.roles({ name, signal })).length > 0 ? true : undefined;
  const [user] = await client.users({ name, signal });
  if (user === undefined || change.action !== 'create') return undefined;
  if (change.hash !== undefined) return user.hash?.reveal() === (await secret(change.hash, change)).reveal();
  if (change.password === undefined) return true;
  return (await passwordFits(await secret(change.password, change), user.hash)) === true;
}
