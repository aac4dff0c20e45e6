import { usageError } from '../errors.js';
import { excerpt, nearest } from './text.js';
import type { Permissions, Role, RolesInUserRecords, User } from './user.js';

/** One permission of InfluxDB Enterprise: what it allows there, and what Kapacitor makes of it. */
export interface PermissionRow {
  readonly name: string;
  readonly influxdb: string;
  readonly kapacitor: string;
  /** What follows from it that its name does not say. */
  readonly warning?: string;
}

const noEffect = 'nothing';

/** All permission names, in the order of the meta service. Kapacitor cannot log in a user that has any other. */
export const permissions: readonly PermissionRow[] = [
  { name: 'NoPermissions', influxdb: 'nothing; a placeholder', kapacitor: noEffect },
  { name: 'ViewAdmin', influxdb: 'see the admin pages of the old web interface', kapacitor: noEffect },
  { name: 'ViewChronograf', influxdb: 'use Chronograf', kapacitor: noEffect },
  { name: 'CreateDatabase', influxdb: 'create databases and retention policies', kapacitor: noEffect },
  { name: 'CreateUserAndRole', influxdb: 'create and change users and roles', kapacitor: noEffect },
  { name: 'AddRemoveNode', influxdb: 'add nodes to the cluster and remove them', kapacitor: noEffect },
  { name: 'DropDatabase', influxdb: 'drop databases and retention policies', kapacitor: noEffect },
  { name: 'DropData', influxdb: 'drop measurements and series', kapacitor: noEffect },
  {
    name: 'ReadData',
    influxdb: 'read data',
    kapacitor: 'the ping endpoint',
  },
  {
    name: 'WriteData',
    influxdb: 'write data',
    kapacitor: 'write points to the databases of its scope, and the ping endpoint',
  },
  { name: 'Rebalance', influxdb: 'rebalance the cluster', kapacitor: noEffect },
  { name: 'ManageShard', influxdb: 'copy and delete shards', kapacitor: noEffect },
  { name: 'ManageContinuousQuery', influxdb: 'create, show and drop continuous queries', kapacitor: noEffect },
  { name: 'ManageQuery', influxdb: 'show and kill running queries', kapacitor: noEffect },
  { name: 'ManageSubscription', influxdb: 'create, show and drop subscriptions', kapacitor: noEffect },
  { name: 'Monitor', influxdb: 'show statistics and diagnostics', kapacitor: noEffect },
  { name: 'CopyShard', influxdb: 'copy shards', kapacitor: noEffect },
  {
    name: 'KapacitorAPI',
    influxdb: noEffect,
    kapacitor: 'the whole API (tasks, templates, recordings, alerts, write) except the configuration; in any scope',
    warning:
      'its holder can create a Kapacitor user with every privilege, including /config: POST /kapacitor/v1/users with type admin. That user can log in until its cached entry expires (cache-expiration), and can be created again. Grant KapacitorAPI only to people who may also have KapacitorConfigAPI.',
  },
  {
    name: 'KapacitorConfigAPI',
    influxdb: noEffect,
    kapacitor: 'read and change the configuration, and the ping endpoint; in any scope',
  },
];

const knownNames: ReadonlySet<string> = new Set(permissions.map((row) => row.name));

export function isPermission(name: string): boolean {
  return knownNames.has(name);
}

/** The names of all permissions that allow something. */
export const everyPermission = permissions.map(({ name }) => name).filter((name) => name !== 'NoPermissions');

const permissionNames: readonly string[] = permissions.map((row) => row.name);

/** Privileges of InfluxQL and of the influx shell, by the words that people know from there. */
const influxqlWords: ReadonlyMap<string, string> = new Map([
  ['read', 'ReadData'],
  ['select', 'ReadData'],
  ['query', 'ReadData'],
  ['write', 'WriteData'],
  ['insert', 'WriteData'],
]);

/** The hint for an unknown permission: the nearest name, or where to find the names. */
export function permissionHint(name: string): string {
  const word = name
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
  const privilege = influxqlWords.get(word.replace(/ privileges?$/, ''));
  if (privilege !== undefined) return `Did you mean "${privilege}"?`;
  if (/^(read ?write|read and write|rw)$/.test(word)) return 'Did you mean "ReadData" and "WriteData"?';
  const admin = `every permission, as kapadmin bootstrap grants them: ${everyPermission.join(', ')}`;
  if (word === 'all')
    return `Did you mean "ReadData" and "WriteData"? ALL on a database is both. For an admin it is ${admin}`;
  if (/^(all privileges?|privileges|(cluster |global )?admin|superuser|root)$/.test(word))
    return `An admin has ${admin}`;
  const near = nearest(name, permissionNames);
  return near === undefined ? 'See kapadmin permission list.' : `Did you mean "${near}"?`;
}

/** Throws a usage error with the nearest name unless the permission is one that Kapacitor knows. */
export function checkPermission(name: string): void {
  if (isPermission(name)) return;
  throw usageError('unknown-permission', `unknown permission "${excerpt(name, 60)}"`, permissionHint(name));
}

/** Permissions that mean something to Kapacitor; the others it ignores. */
const kapacitorPermissions: ReadonlySet<string> = new Set([
  'KapacitorAPI',
  'KapacitorConfigAPI',
  'ReadData',
  'WriteData',
]);

/** Permissions that apply to all of Kapacitor, whatever their database. */
const globalPermissions: ReadonlySet<string> = new Set(['KapacitorAPI', 'KapacitorConfigAPI']);

export function isKapacitorPermission(permission: string): boolean {
  return globalPermissions.has(permission);
}

/** Whether Kapacitor sees a permission: it reads only the user record. */
export type KapacitorVisibility = 'seen' | 'not-seen' | 'no-meaning';

/** A permission that a user has, and all its sources. */
export interface EffectivePermission {
  readonly permission: string;
  /** A database; `""` means all. */
  readonly scope: string;
  /** In the user record, which is all that Kapacitor reads. */
  readonly inUserRecord: boolean;
  /** Granted to the user itself; `unknown` where the record may have it from a role. */
  readonly direct: 'yes' | 'no' | 'unknown';
  /** Names of the roles that grant it, sorted. */
  readonly roles: readonly string[];
  readonly kapacitor: KapacitorVisibility;
}

function compareStrings(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The roles that have this user as a member, sorted by name. */
export function rolesOf(user: string, roles: Iterable<Role>): readonly Role[] {
  return [...roles].filter((role) => role.users.includes(user)).sort((a, b) => compareStrings(a.name, b.name));
}

/**
 * All that a user may do, with the origin of each permission; all databases first, then by scope and name.
 * @param rolesCopied whether the cluster copies role permissions into user records
 */
export function effectivePermissions(
  user: User,
  roles: Iterable<Role>,
  rolesCopied: RolesInUserRecords,
): readonly EffectivePermission[] {
  const found = new Map<string, Map<string, { inUserRecord: boolean; roles: string[] }>>();
  const add = (permissions: Permissions, role: string | undefined): void => {
    for (const [scope, names] of permissions) {
      const inScope = found.get(scope) ?? new Map<string, { inUserRecord: boolean; roles: string[] }>();
      found.set(scope, inScope);
      for (const name of new Set(names)) {
        const origin = inScope.get(name) ?? { inUserRecord: false, roles: [] };
        inScope.set(name, origin);
        if (role === undefined) origin.inUserRecord = true;
        else origin.roles.push(role);
      }
    }
  };
  add(user.permissions, undefined);
  for (const role of rolesOf(user.name, roles)) add(role.permissions, role.name);
  return [...found]
    .sort(([a], [b]) => compareStrings(a, b))
    .flatMap(([scope, names]) =>
      [...names]
        .sort(([a], [b]) => compareStrings(a, b))
        .map(([permission, { inUserRecord, roles }]) => ({
          permission,
          scope,
          inUserRecord,
          direct: !inUserRecord ? 'no' : rolesCopied === 'no' || roles.length === 0 ? 'yes' : 'unknown',
          roles,
          kapacitor: !kapacitorPermissions.has(permission) ? 'no-meaning' : inUserRecord ? 'seen' : 'not-seen',
        })),
    );
}

/** Permissions in a user record that Kapacitor does not know: it rejects every login of such a user. */
export function unknownPermissions(permissions: Permissions): readonly string[] {
  return [...new Set([...permissions.values()].flat())].filter((name) => !isPermission(name));
}

/** Whether a permission is held for a database: granted for it, or for all (`""`). */
export function holdsPermission(permissions: Permissions, permission: string, scope: string): boolean {
  return [scope, ''].some((where) => permissions.get(where)?.includes(permission) === true);
}

/** A user with the names of its roles, sorted. */
export interface ListedUser {
  readonly user: User;
  readonly roles: readonly Role[];
}

export interface UserFilter {
  /** Has this permission. */
  readonly permission?: string | undefined;
  /** Is a member of this role. */
  readonly role?: string | undefined;
  /** Has a permission for this database, or for all. */
  readonly db?: string | undefined;
  /** Include permissions from roles; by default only direct ones. */
  readonly viaRole?: boolean | undefined;
}

/** The roles of each user. */
function memberships(roles: readonly Role[]): ReadonlyMap<string, readonly Role[]> {
  const byUser = new Map<string, Role[]>();
  for (const role of roles.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const user of new Set(role.users)) {
      const own = byUser.get(user);
      if (own) own.push(role);
      else byUser.set(user, [role]);
    }
  }
  return byUser;
}

function matchesFilter({ user, roles }: ListedUser, { permission, role, db, viaRole }: UserFilter): boolean {
  if (role !== undefined && !roles.some(({ name }) => name === role)) return false;
  if (permission === undefined && db === undefined) return true;
  const sources = [user.permissions, ...(viaRole === true ? roles.map((one) => one.permissions) : [])];
  return sources.some((permissions) => {
    if (permission !== undefined && db !== undefined) return holdsPermission(permissions, permission, db);
    if (permission !== undefined) return [...permissions.values()].some((names) => names.includes(permission));
    return [db ?? '', ''].some((scope) => (permissions.get(scope)?.length ?? 0) > 0);
  });
}

/** The users that match, sorted by name, each with its roles. */
export function listUsers(users: readonly User[], roles: readonly Role[], filter: UserFilter): readonly ListedUser[] {
  const byUser = memberships(roles);
  return users
    .map((user): ListedUser => ({ user, roles: byUser.get(user.name) ?? [] }))
    .filter((listed) => matchesFilter(listed, filter))
    .sort((a, b) => compareStrings(a.user.name, b.user.name));
}
