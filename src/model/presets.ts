import { usageError } from '../errors.js';
import { isKapacitorPermission } from './permissions.js';
import { excerpt, nearest } from './text.js';
import type { Permissions } from './user.js';

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
