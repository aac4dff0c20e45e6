import { defaultVersion, type DifferenceId, type KapacitorVersion } from '../model/kapacitor-versions.js';
import type { Context } from '../context.js';
import { otherSectionFaults, outlineConfig, readConfiguration } from '../kapacitor-config/read-and-validate.js';
import { checkStart, type DaemonFile, metaTlsFiles } from '../kapacitor-config/tls-files.js';
import type { Configuration } from '../kapacitor-config/fields.js';
import { configurationDifferences } from '../auth-engine/decisive-differences.js';
import { type DaemonSettings, toDaemonSettings } from '../auth-engine/daemon-state.js';
import { toBinary } from '../go-compat/utf8.js';
import type { ClientTlsOptions } from '../meta/client-types.js';
import { daemonMessage } from '../diagnostics/config/redact.js';
import { type KapacitorConfOptions, locateKapacitorConf, readDaemonFile } from '../settings/locate-kapacitor-conf.js';
import type { Settings } from '../settings/settings.js';

/** The daemon to simulate: its settings, and how to reach its meta node. */
export interface SimulatedKapacitor {
  readonly settings: DaemonSettings;
  readonly tls: ClientTlsOptions;
  /** The path of kapacitor.conf, if any. */
  readonly conf: string | undefined;
  /** The source of its variables, if any. */
  readonly environment: string | undefined;
  /** What is assumed if there is neither a file nor a variable, as text. */
  readonly assumed: string | undefined;
  /** The daemon's message if it does not start, redacted and safe for a terminal. */
  readonly refusal: string | undefined;
  /** Configured TLS files that cannot be read here, each with the reason; they are not checked. */
  readonly unreadFiles: readonly UnreadFile[];
  /** A startup error outside [http] and [auth]; the decision ignores it. */
  readonly otherFault?: string | undefined;
  /** The differences between versions that change the configuration. */
  readonly differences: readonly DifferenceId[];
  /** Its complete configuration with the origin of each value; undefined if assumed or unreadable. */
  readonly configuration: Configuration | undefined;
  /** What is missing, because it stands in other files: for people. */
  readonly warnings: readonly string[];
}

/** A file that the daemon may be able to read, on its machine and with its account. */
export interface UnreadFile {
  readonly key: string;
  readonly path: string;
  /** Error text of the system, such as `permission denied`. */
  readonly why: string;
}

const assumedExpiration = 600e9;
const assumedCost = 10;

/** The settings of a Kapacitor that uses the node and account of this connection. */
function assumedTarget(
  connection: Settings,
  { rules }: KapacitorVersion,
): Pick<SimulatedKapacitor, 'settings' | 'tls' | 'assumed'> {
  const url = new URL(connection.nodes[0]!);
  const { credentials } = connection;
  const basic = credentials.kind === 'basic' ? credentials : undefined;
  const secret = credentials.kind === 'bearer' ? credentials.secret.reveal() : '';
  const account =
    secret === '' || rules.metaInternalSharedSecret
      ? 'the meta node and account that kapadmin uses'
      : 'the meta node that kapadmin uses (this release has no meta-internal-shared-secret to log in with)';
  return {
    settings: {
      authEnabled: true,
      pprofEnabled: false,
      sharedSecret: '',
      users: 'meta',
      cacheExpiration: assumedExpiration,
      bcryptCost: assumedCost,
      metaAddr: toBinary(url.host),
      metaUseTls: url.protocol === 'https:',
      metaUsername: toBinary(basic?.username ?? ''),
      metaPassword: toBinary(basic?.password.reveal() ?? ''),
      metaSecret: rules.metaInternalSharedSecret ? toBinary(secret) : '',
    },
    tls: connection.tls,
    assumed: `authentication on, cache-expiration 10m and ${account}`,
  };
}

async function readFiles(context: Context, paths: readonly string[]): Promise<Map<string, DaemonFile>> {
  const facts = new Map<string, DaemonFile>();
  for (const path of paths) facts.set(path, await readDaemonFile(context.files, path));
  return facts;
}

/** The TLS files that cannot be read here, with their keys. */
function unreadTlsFiles({ auth }: Configuration, facts: ReadonlyMap<string, DaemonFile>): readonly UnreadFile[] {
  const named = [
    ['meta-ca', auth.metaCa.value],
    ['meta-cert', auth.metaCert.value],
    ['meta-key', auth.metaKey.value],
  ] as const;
  return named.flatMap(([key, path]) => {
    const file = facts.get(path);
    return file !== undefined && 'error' in file ? [{ key, path, why: file.error }] : [];
  });
}

/** The configuration without these files; a certificate and its key belong together. */
function withoutFiles(configuration: Configuration, unread: readonly UnreadFile[]): Configuration {
  const isUnread = (...keys: readonly string[]): boolean => unread.some(({ key }) => keys.includes(key));
  const { auth } = configuration;
  const [noCa, noPair] = [isUnread('meta-ca'), isUnread('meta-cert', 'meta-key')];
  return {
    ...configuration,
    auth: {
      ...auth,
      ...(noCa ? { metaCa: { ...auth.metaCa, value: '' } } : {}),
      ...(noPair ? { metaCert: { ...auth.metaCert, value: '' }, metaKey: { ...auth.metaKey, value: '' } } : {}),
    },
  };
}

/** Certificates and keys as the daemon uses them: none if it skips verification (meta/client.go, WithTLS). */
function tlsOf({ auth }: Configuration, facts: ReadonlyMap<string, DaemonFile>): ClientTlsOptions {
  if (auth.metaInsecureSkipVerify.value) return { insecureSkipVerify: true };
  const content = (path: string): string | undefined => {
    const file = facts.get(path);
    return file !== undefined && 'content' in file ? file.content : undefined;
  };
  const { metaCa, metaCert, metaKey } = auth;
  return { ca: content(metaCa.value), cert: content(metaCert.value), key: content(metaKey.value) };
}

const stoppedSettings: DaemonSettings = {
  authEnabled: false,
  pprofEnabled: false,
  sharedSecret: '',
  users: 'noauth',
  cacheExpiration: 0,
  bcryptCost: 0,
  metaAddr: '',
  metaUseTls: false,
  metaUsername: '',
  metaPassword: '',
  metaSecret: '',
};

/**
 * The daemon that kapacitor.conf and environment would start. Without them, it is assumed to use the node and account
 * of the connection; `connection` is called only then.
 */
export async function readSimulatedKapacitor(
  options: KapacitorConfOptions,
  context: Context,
  connection: () => Promise<Settings>,
): Promise<SimulatedKapacitor> {
  const { file, env, envOrigin, warnings } = await locateKapacitorConf(options, context);
  const named = options.kapacitorConf !== undefined;
  const environment = env.size === 0 ? undefined : envOrigin;
  const known = { conf: file?.path, environment, assumed: undefined, unreadFiles: [], differences: [], warnings };
  if (file === undefined && env.size === 0 && !named) {
    return {
      ...known,
      ...assumedTarget(await connection(), options.version ?? defaultVersion),
      refusal: undefined,
      configuration: undefined,
    };
  }
  const content = file?.bytes ?? '';
  const reading = readConfiguration(content, env, options.version);
  if (!reading.starts) {
    const refusal = daemonMessage(reading, outlineConfig(content, options.version));
    return { ...known, settings: stoppedSettings, tls: {}, refusal, configuration: undefined };
  }
  const { configuration } = reading;
  const facts = await readFiles(context, metaTlsFiles(configuration));
  const unreadFiles = unreadTlsFiles(configuration, facts);
  const readable = withoutFiles(configuration, unreadFiles);
  const check = checkStart(readable, facts);
  const refusal = check.starts ? undefined : check.message;
  const settings = toDaemonSettings(configuration);
  const otherFault = file === undefined ? undefined : otherSectionFaults(content, env, options.version)[0]?.message;
  const tls = tlsOf(readable, facts);
  const differences = configurationDifferences(content, env, options.version ?? defaultVersion);
  return { ...known, unreadFiles, differences, settings, tls, refusal, configuration, otherFault };
}
