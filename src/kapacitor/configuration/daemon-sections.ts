import { fields, type Field } from './fields.js';
import { folded, variableOf } from './known.js';

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
const either: ReadonlySet<string> = new Set(['discord', 'slack', 'kubernetes']);

/** Keys that stand before the first section. */
const topKeys = ['hostname', 'data_dir', 'skip-config-overrides', 'default-retention-policy'] as const;

/** Whether a section must be a list of tables. */
export function isListSection(name: string): boolean {
  return lists.has(folded(name));
}

function variablePart(name: string): string {
  return name.toUpperCase().replace(/[-.]/g, '_');
}

const exact: ReadonlySet<string> = new Set([
  ...(['http', 'auth'] as const).flatMap((section) =>
    Object.values<Field>(fields[section]).map((field) => variableOf(section, field)),
  ),
  // A field of [http] that no file can set.
  'KAPACITOR_HTTP__',
  ...topKeys.map((key) => `KAPACITOR_${variablePart(key)}`),
]);

const inTables = [...tables, ...either].map((name) => `KAPACITOR_${variablePart(name)}_`);
const inLists = [...lists, ...either].map((name) => new RegExp(`^KAPACITOR_${variablePart(name)}_\\d+_.`));

const ofServices = /_(?:SERVICE_HOST|SERVICE_PORT(?:_.*)?|PORT(?:_\d+_(?:TCP|UDP).*)?)$/;

/** Whether a variable is one that Kubernetes or a link of docker sets for a service, such as KAPACITOR_PORT_9092_TCP. */
export function isServiceVariable(name: string): boolean {
  return ofServices.test(name);
}

/**
 * Whether the daemon reads a variable (server/config.go, applyEnvOverrides): `KAPACITOR_`, a section or a key before the
 * first section, and the key. Variables of its clients, such as KAPACITOR_URL, are none. In `[http]` and `[auth]` the
 * key has to exist.
 */
export function isDaemonVariable(name: string): boolean {
  if (exact.has(name)) return true;
  if (isServiceVariable(name)) return false;
  if (inLists.some((form) => form.test(name))) return true;
  return inTables.some((start) => name.startsWith(start) && name.length > start.length);
}
