import { usageError } from '../errors.js';
import { excerpt, nearest } from './text.js';

/** Permission names by scope; the scope `""` means all databases. */
export type Permissions = ReadonlyMap<string, readonly string[]>;

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
    kapacitor:
      'the whole API (tasks, templates, recordings, alerts) but the configuration and, by itself, writing points; in any scope',
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
export const kapacitorPermissions: ReadonlySet<string> = new Set([
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

/** Permissions in a user record that Kapacitor does not know: it rejects every login of such a user. */
export function unknownPermissions(permissions: Permissions): readonly string[] {
  return [...new Set([...permissions.values()].flat())].filter((name) => !isPermission(name));
}

/** Whether a permission is held for a database: granted for it, or for all (`""`). */
export function holdsPermission(permissions: Permissions, permission: string, scope: string): boolean {
  return [scope, ''].some((where) => permissions.get(where)?.includes(permission) === true);
}

/** A named list of permissions for one kind of account. */
export interface Preset {
  readonly name: string;
  readonly summary: string;
  /** Each with the reason why this account needs it. */
  readonly permissions: readonly (readonly [permission: string, reason: string])[];
}

/** The permissions of InfluxQL statements are from the permission reference of InfluxDB Enterprise. */
export const presets: readonly Preset[] = [
  {
    name: 'kapacitor-editor',
    summary: 'a person or job that works with tasks, templates, recordings and alerts of Kapacitor',
    permissions: [['KapacitorAPI', 'the whole Kapacitor API except its configuration']],
  },
  {
    name: 'kapacitor-admin',
    summary: 'a person who also reads and changes the configuration of Kapacitor',
    permissions: [
      ['KapacitorAPI', 'the whole Kapacitor API except its configuration'],
      ['KapacitorConfigAPI', 'the configuration of Kapacitor'],
    ],
  },
  {
    name: 'kapacitor-service',
    summary: 'the account with which Kapacitor itself logs in to InfluxDB ([[influxdb]] in kapacitor.conf)',
    permissions: [
      ['ManageSubscription', 'it shows, creates and drops its subscriptions'],
      ['ReadData', 'batch tasks query'],
      ['WriteData', 'tasks write their results'],
    ],
  },
  {
    name: 'chronograf',
    summary: 'the account of the InfluxDB and Kapacitor connections of Chronograf',
    permissions: [
      ['ViewChronograf', 'using Chronograf'],
      ['ReadData', 'dashboards and the explorer query'],
      ['Monitor', 'the list of hosts shows statistics and diagnostics'],
      ['KapacitorAPI', 'its alert pages work with tasks'],
      ['KapacitorConfigAPI', 'its alert pages read and change the endpoints of alerts'],
    ],
  },
];

/** Presets that people ask for and that are not possible, with the reason. */
const unavailablePresets: ReadonlyMap<string, string> = new Map([
  [
    'kapacitor-reader',
    'Kapacitor cannot tell a reader from an editor: KapacitorAPI allows reading, changing and deleting alike',
  ],
]);

export const presetNames: readonly string[] = presets.map(({ name }) => name);

/** What is wrong with the name of a preset: a sentence, and what to do. Undefined where it is one. */
export function presetFault(name: string): { readonly message: string; readonly hint: string } | undefined {
  if (presetNames.includes(name)) return undefined;
  const reason = unavailablePresets.get(name);
  if (reason !== undefined) {
    return {
      message: `preset "${name}" is not possible: ${reason}`,
      hint: 'Use kapacitor-editor, or let a proxy in front of Kapacitor pass only GET.',
    };
  }
  const near = nearest(name, presetNames);
  const hint = near === undefined ? `Known presets: ${presetNames.join(', ')}` : `Did you mean "${near}"?`;
  return { message: `unknown preset "${excerpt(name, 60)}"`, hint };
}

/** The permissions of a preset for a database (`""`: all); those of Kapacitor count for all of it whatever the database. */
export function expandPreset(name: string, scope: string): Permissions {
  const preset = presets.find((candidate) => candidate.name === name);
  const byScope = new Map<string, string[]>();
  for (const [permission] of preset?.permissions ?? []) {
    const where = isKapacitorPermission(permission) ? '' : scope;
    byScope.set(where, [...(byScope.get(where) ?? []), permission]);
  }
  return byScope;
}

/** As `expandPreset`; throws a usage error for an unknown name. */
export function permissionsOfPreset(name: string, scope: string): Permissions {
  const fault = presetFault(name);
  if (fault !== undefined) throw usageError('unknown-preset', fault.message, fault.hint);
  return expandPreset(name, scope);
}
