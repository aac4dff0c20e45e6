import type { Secret } from '../model/secret.js';
import { defaultVersion, type DifferenceId, type KapacitorVersion } from '../model/kapacitor-versions.js';
import type { EnvironmentFormat, EnvironmentText, IgnoredLine, OtherFile } from './environment-formats.js';

export type ConfigSection = 'http' | 'auth';

/** One key of a section: how it is spelt, its field in the daemon's structure, its type there, and its default. */
export interface ConfigField {
  readonly key: string;
  readonly goName: string;
  readonly type: 'boolean' | 'string' | 'integer' | 'duration';
  readonly isSecret?: true;
  readonly defaultValue?: string | bigint | boolean;
  /** Only daemons that differ so read it. */
  readonly needs?: DifferenceId;
}

/** `[http]` in the order of services/httpd/config.go. */
const http = {
  bindAddress: { key: 'bind-address', goName: 'BindAddress', type: 'string', defaultValue: ':9092' },
  authEnabled: { key: 'auth-enabled', goName: 'AuthEnabled', type: 'boolean' },
  logEnabled: { key: 'log-enabled', goName: 'LogEnabled', type: 'boolean', defaultValue: true },
  writeTracing: { key: 'write-tracing', goName: 'WriteTracing', type: 'boolean' },
  pprofEnabled: { key: 'pprof-enabled', goName: 'PprofEnabled', type: 'boolean' },
  httpsEnabled: { key: 'https-enabled', goName: 'HttpsEnabled', type: 'boolean' },
  httpsCertificate: {
    key: 'https-certificate',
    goName: 'HttpsCertificate',
    type: 'string',
    defaultValue: '/etc/ssl/kapacitor.pem',
  },
  httpsPrivateKey: { key: 'https-private-key', goName: 'HTTPSPrivateKey', type: 'string' },
  shutdownTimeout: {
    key: 'shutdown-timeout',
    goName: 'ShutdownTimeout',
    type: 'duration',
    defaultValue: 10_000_000_000n,
  },
  sharedSecret: { key: 'shared-secret', goName: 'SharedSecret', type: 'string', isSecret: true },
} as const satisfies Readonly<Record<string, ConfigField>>;

/** `[auth]` in the order of services/auth/config.go. */
const auth = {
  enabled: { key: 'enabled', goName: 'Enabled', type: 'boolean' },
  cacheExpiration: { key: 'cache-expiration', goName: 'CacheExpiration', type: 'duration' },
  bcryptCost: { key: 'bcrypt-cost', goName: 'BcryptCost', type: 'integer' },
  metaAddr: { key: 'meta-addr', goName: 'MetaAddr', type: 'string' },
  metaUsername: { key: 'meta-username', goName: 'MetaUsername', type: 'string' },
  metaPassword: { key: 'meta-password', goName: 'MetaPassword', type: 'string', isSecret: true },
  metaInternalSharedSecret: {
    key: 'meta-internal-shared-secret',
    goName: 'MetaInternalSharedSecret',
    type: 'string',
    isSecret: true,
    needs: 'metaInternalSharedSecret',
  },
  metaUseTls: { key: 'meta-use-tls', goName: 'MetaUseTLS', type: 'boolean' },
  metaCa: { key: 'meta-ca', goName: 'MetaCA', type: 'string' },
  metaCert: { key: 'meta-cert', goName: 'MetaCert', type: 'string' },
  metaKey: { key: 'meta-key', goName: 'MetaKey', type: 'string' },
  metaInsecureSkipVerify: { key: 'meta-insecure-skip-verify', goName: 'MetaInsecureSkipVerify', type: 'boolean' },
} as const satisfies Readonly<Record<string, ConfigField>>;

export const configFields = { http, auth };

/** Where a value comes from. `key` is spelt as in the file. */
export type ConfigOrigin =
  | { readonly from: 'default' }
  | { readonly from: 'file'; readonly line: number; readonly column: number; readonly key: string }
  | { readonly from: 'environment'; readonly name: string };

export interface ConfigValue<T> {
  readonly value: T;
  readonly origin: ConfigOrigin;
}

type ValueOf<F extends ConfigField> = F extends { isSecret: true }
  ? Secret
  : F['type'] extends 'boolean'
    ? boolean
    : F['type'] extends 'string'
      ? string
      : number;

type Settings<S extends Readonly<Record<string, ConfigField>>> = {
  readonly [K in keyof S]: ConfigValue<ValueOf<S[K]>>;
};

/** What the daemon really uses; durations are in nanoseconds. */
export interface Configuration {
  readonly http: Settings<typeof http>;
  readonly auth: Settings<typeof auth>;
}

/** Letter case as the daemon ignores it: a Kelvin sign is a `k` and a long s is an `s`. */
export function foldCase(name: string): string {
  return name.toLowerCase().replaceAll('\u017f', 's');
}

const byKey: ReadonlyMap<ConfigSection, ReadonlyMap<string, ConfigField>> = new Map(
  (['http', 'auth'] as const).map((section) => [
    section,
    new Map(Object.values<ConfigField>(configFields[section]).map((field) => [field.key, field])),
  ]),
);

/** The section that the daemon takes a name for. */
export function findSection(name: string): ConfigSection | undefined {
  const section = foldCase(name);
  return section === 'http' || section === 'auth' ? section : undefined;
}

/** Whether a daemon of this version knows a field at all. */
export function isSupported(field: ConfigField, { rules }: KapacitorVersion): boolean {
  return field.needs === undefined || rules[field.needs];
}

/** The field that the daemon takes a key for. */
export function findField(
  section: ConfigSection,
  name: string,
  version: KapacitorVersion = defaultVersion,
): ConfigField | undefined {
  const field = byKey.get(section)?.get(foldCase(name));
  return field !== undefined && isSupported(field, version) ? field : undefined;
}

/** The variable that sets a field. */
export function variableName(section: ConfigSection, field: ConfigField): string {
  return `KAPACITOR_${section}_${field.key}`.toUpperCase().replaceAll('-', '_');
}

interface FieldOfVariable {
  readonly section: ConfigSection;
  /** Its name in `Configuration`. */
  readonly name: string;
  readonly field: ConfigField;
}

/** The field of [http] or [auth] that each variable sets. */
export const fieldOfVariable: ReadonlyMap<string, FieldOfVariable> = new Map(
  (['http', 'auth'] as const).flatMap((section) =>
    Object.entries<ConfigField>(configFields[section]).map(([name, field]) => [
      variableName(section, field),
      { section, name, field },
    ]),
  ),
);

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
export function isListSection(name: string): boolean {
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
function isDaemonVariable(name: string): boolean {
  if (exactVariables.has(name)) return true;
  if (isServiceVariable(name)) return false;
  if (inLists.some((form) => form.test(name))) return true;
  return inTables.some((start) => name.startsWith(start) && name.length > start.length);
}

const ofKapacitor = /^kapacitor/i;

/** Variables that start with `KAPACITOR`, in any case: those that the daemon reads, and others. */
export interface PartitionedVariables {
  readonly variables: ReadonlyMap<string, string>;
  readonly others: ReadonlyMap<string, string>;
}

export function partitionVariables(all: Iterable<readonly [name: string, value: string]>): PartitionedVariables {
  const ours = [...all].filter(([name]) => ofKapacitor.test(name));
  return {
    variables: new Map(ours.filter(([name]) => isDaemonVariable(name))),
    others: new Map(ours.filter(([name]) => !isDaemonVariable(name))),
  };
}

/** The variables that an environment file passes to the daemon. */
export interface KapacitorEnvironment extends PartitionedVariables {
  readonly form: EnvironmentFormat;
  /** The line of each variable. */
  readonly lines: ReadonlyMap<string, number>;
  readonly dropped: readonly IgnoredLine[];
  readonly otherFiles: readonly OtherFile[];
}

/** The variables of Kapacitor in a parsed file. */
export function toKapacitorEnvironment({
  form,
  assignments,
  dropped,
  otherFiles = [],
}: EnvironmentText): KapacitorEnvironment {
  return {
    ...partitionVariables(assignments.map(({ name, value }) => [name, value])),
    form,
    lines: new Map(assignments.map(({ name, line }) => [name, line])),
    dropped: dropped.filter(({ name }) => ofKapacitor.test(name)),
    otherFiles,
  };
}

/** A name on a line, and the variable to replace it with. */
export interface VariableRenaming {
  readonly line: number;
  readonly name: string;
  readonly to: string;
}

/** Replaces names on these lines, and removes the word `export` before them. */
export function renameVariables(text: string, renamings: readonly VariableRenaming[]): string {
  const lines = text.split('\n');
  for (const { line, name, to } of renamings) {
    const written = new RegExp(`(^|[\\s"'={,-])(?:export[ \\t]+)?${name.replaceAll('.', '\\.')}(?=["']?[ \\t]*[=:])`);
    lines[line - 1] = (lines[line - 1] ?? '').replace(written, (_, before: string) => `${before}${to}`);
  }
  return lines.join('\n');
}
