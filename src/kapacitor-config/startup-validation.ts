import { fieldOfVariable, foldCase } from './fields.js';
import { typeMismatch } from './decode.js';
import { parseToml } from './toml/parse.js';
import { defaultVersion, type KapacitorVersion } from '../model/kapacitor-versions.js';

/** Sections of server.Config beside `[http]` and `[auth]` that are one table each (server/config.go of 1.8). */
const tables: ReadonlySet<string> = new Set([
  'alert',
  'replay',
  'storage',
  'task',
  'fluxtask',
  'load',
  'logging',
  'config-override',
  'tls',
  'collectd',
  'opentsdb',
  'alerta',
  'bigpanda',
  'hipchat',
  'opsgenie',
  'opsgenie2',
  'pagerduty',
  'pagerduty2',
  'pushover',
  'smtp',
  'snmptrap',
  'sensu',
  'servicenow',
  'talk',
  'teams',
  'telegram',
  'victorops',
  'zenoss',
  'reporting',
  'stats',
  'udf',
  'deadman',
]);

/** Sections that must be lists of tables, such as `[[influxdb]]`. */
const lists: ReadonlySet<string> = new Set([
  'influxdb',
  'graphite',
  'udp',
  'kafka',
  'mqtt',
  'httppost',
  'scraper',
  'azure',
  'consul',
  'dns',
  'ec2',
  'file-discovery',
  'gce',
  'marathon',
  'nerve',
  'serverset',
  'static-discovery',
  'triton',
  'swarm',
]);

/** Sections that may be a table or a list of them (listmap.DoUnmarshalTOML). */
const tablesOrLists: ReadonlySet<string> = new Set(['discord', 'slack', 'kubernetes']);

/** Keys that come before the first section. */
const topKeys = ['hostname', 'data_dir', 'skip-config-overrides', 'default-retention-policy'] as const;

/** Whether a section must be a list of tables. */
function isListSection(name: string): boolean {
  return lists.has(foldCase(name));
}

function variablePart(name: string): string {
  return name.toUpperCase().replace(/[-.]/g, '_');
}

const exactVariables: ReadonlySet<string> = new Set([
  ...fieldOfVariable.keys(),
  // A field of [http] that no file can set.
  'KAPACITOR_HTTP__',
  ...topKeys.map((key) => `KAPACITOR_${variablePart(key)}`),
]);

const inTables = [...tables, ...tablesOrLists].map((name) => `KAPACITOR_${variablePart(name)}_`);
const inLists = [...lists, ...tablesOrLists].map((name) => new RegExp(`^KAPACITOR_${variablePart(name)}_\\d+_.`));

const serviceVariable = /_(?:SERVICE_HOST|SERVICE_PORT(?:_.*)?|PORT(?:_\d+_(?:TCP|UDP).*)?)$/;

/** Whether a variable is one that Kubernetes or a link of docker sets for a service, such as KAPACITOR_PORT_9092_TCP. */
export function isServiceVariable(name: string): boolean {
  return serviceVariable.test(name);
}

/**
 * Whether the daemon reads a variable (server/config.go, applyEnvOverrides): `KAPACITOR_`, a section or a top-level
 * key, and the key. Variables of its clients, such as KAPACITOR_URL, do not count. In `[http]` and `[auth]` the key
 * must exist.
 */
export function isDaemonVariable(name: string): boolean {
  if (exactVariables.has(name)) return true;
  if (isServiceVariable(name)) return false;
  if (inLists.some((form) => form.test(name))) return true;
  return inTables.some((start) => name.startsWith(start) && name.length > start.length);
}

/** A startup error in a part of the file other than [http] and [auth]. */
export interface OtherSectionFault {
  readonly is: 'section-not-list' | 'data-dir-missing';
  readonly message: string;
  readonly line?: number;
}

const hint = 'To generate a valid configuration file run `kapacitord config > kapacitor.generated.conf`.';

/**
 * Startup errors in the rest of a file (server/config.go): a list section such as `[[influxdb]]` written as a table, no
 * `data_dir`, an empty `hostname`. Only for an existing file: without one the daemon has defaults. In the daemon's
 * order. Scenarios and vectors do not cover them.
 */
export function otherSectionFaults(
  file: string | Uint8Array,
  env: ReadonlyMap<string, string>,
  version: KapacitorVersion = defaultVersion,
): readonly OtherSectionFault[] {
  const { root, fault } = parseToml(file, version);
  if (fault !== undefined || root.holder.type !== 'table') return [];
  const { slots } = root.holder;
  const faults: OtherSectionFault[] = [];
  for (const [name, { key, value }] of slots) {
    const isList = value.type === 'tables' || value.type === 'array';
    if (isListSection(name) && !isList) {
      const { message } = typeMismatch(root.path.child(name), value, 'slice', version.rules);
      faults.push({ is: 'section-not-list', message, line: key.line });
    }
  }
  const slotsByKey = new Map([...slots].map(([name, slot]) => [foldCase(name), slot] as const));
  const isEmpty = (key: string, defaultValue: string): boolean => {
    const value = slotsByKey.get(key)?.value;
    const text = value === undefined ? defaultValue : value.type === 'string' ? value.value : '?';
    return (env.get(`KAPACITOR_${key.toUpperCase()}`) || text) === '';
  };
  const invalid = (setting: string): OtherSectionFault => ({
    is: 'data-dir-missing',
    message: `create server: invalid configuration: must configure valid ${setting}. ${hint}`,
  });
  if (isEmpty('hostname', 'localhost')) faults.push(invalid('hostname'));
  if (isEmpty('data_dir', '')) faults.push(invalid('data dir'));
  return faults;
}
