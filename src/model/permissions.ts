import { usageError } from '../errors.js';
import { excerpt, nearest } from './text.js';

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

const everything = permissionNames.filter((name) => name !== 'NoPermissions').join(', ');

/** The hint for an unknown permission: the nearest name, or where to find the names. */
export function permissionHint(name: string): string {
  const word = name
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
  const privilege = influxqlWords.get(word.replace(/ privileges?$/, ''));
  if (privilege !== undefined) return `Did you mean "${privilege}"?`;
  if (/^(read ?write|read and write|rw)$/.test(word)) return 'Did you mean "ReadData" and "WriteData"?';
  const admin = `every permission, as kapadmin bootstrap grants them: ${everything}`;
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
