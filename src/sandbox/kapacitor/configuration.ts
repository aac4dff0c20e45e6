import { usageError } from '../../errors.js';
import {
  checkListen,
  checkStart,
  type DaemonFile,
  httpsFiles,
  metaTlsFiles,
} from '../../kapacitor-config/tls-files.js';
import { readConfiguration } from '../../kapacitor-config/read-and-validate.js';
import type { Configuration } from '../../kapacitor-config/fields.js';
import { type DaemonSettings, toDaemonSettings } from '../../auth-engine/daemon-state.js';
import { parsePort } from '../../go-compat/net.js';
import { toBinary } from '../../go-compat/utf8.js';
import { defaultVersion, type KapacitorVersion } from '../../model/kapacitor-versions.js';
import type { Secret } from '../../model/secret.js';
import type { SeedAccount } from '../seed-and-data-files.js';
import { isThisMachine } from '../listener.js';

/** With what Kapacitor meets a meta node that speaks TLS; texts in PEM. */
export interface MetaTrust {
  readonly verify: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** What Kapacitor's own HTTPS shows; texts in PEM. */
export interface KapacitorTls {
  readonly key: string;
  readonly cert: string;
}

/** A sandbox's meta node, for its Kapacitor. */
export interface MetaSide {
  readonly url: string;
  /** Which is sent to it; null: none. */
  readonly account: SeedAccount | null;
  readonly internalSharedSecret: Secret | undefined;
  readonly caPath: string | undefined;
  readonly clientCertPath: string | undefined;
  readonly clientKeyPath: string | undefined;
  /** It listens on a random port. */
  readonly isPortFree: boolean;
  /** Of new hashes. */
  readonly bcryptCost: number;
}

/** A kapacitor.conf that was read. */
export interface ConfFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A Kapacitor's whole configuration, files read. */
export interface KapacitorSetup {
  readonly settings: DaemonSettings;
  readonly trust: MetaTrust;
  readonly tls: KapacitorTls | undefined;
  /** Of `bind-address`. */
  readonly port: number;
}

/** A file's content, or why it cannot be read. */
export type ReadFile = (path: string) => Promise<DaemonFile>;

const defaultPort = 9092;
const defaultExpiration = 600e9;

function contentOf(facts: ReadonlyMap<string, DaemonFile>, path: string | undefined): string | undefined {
  const fact = path === undefined ? undefined : facts.get(path);
  return fact !== undefined && 'content' in fact ? fact.content : undefined;
}

async function readAll(paths: readonly (string | undefined)[], read: ReadFile): Promise<Map<string, DaemonFile>> {
  const facts = new Map<string, DaemonFile>();
  for (const path of paths) if (path !== undefined) facts.set(path, await read(path));
  return facts;
}

function trustOf(verify: boolean, ca?: string, cert?: string, key?: string): MetaTrust {
  return {
    verify,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  };
}

/** Without a file: authentication against the sandbox's meta node, with the sandbox's account. */
export async function defaultConfiguration(
  meta: MetaSide,
  read: ReadFile,
  { rules }: KapacitorVersion = defaultVersion,
): Promise<KapacitorSetup> {
  const { url, account, internalSharedSecret, bcryptCost, caPath, clientCertPath, clientKeyPath } = meta;
  const facts = await readAll([caPath, clientCertPath, clientKeyPath], read);
  const { host, protocol } = new URL(url);
  const settings: DaemonSettings = {
    authEnabled: true,
    pprofEnabled: false,
    sharedSecret: '',
    users: 'meta',
    cacheExpiration: defaultExpiration,
    bcryptCost,
    metaAddr: host,
    metaUseTls: protocol === 'https:',
    metaUsername: toBinary(account?.username ?? ''),
    metaPassword: toBinary(account?.password.reveal() ?? ''),
    metaSecret:
      account === null && rules.metaInternalSharedSecret ? toBinary(internalSharedSecret?.reveal() ?? '') : '',
  };
  const content = (path: string | undefined): string | undefined => contentOf(facts, path);
  const trust = trustOf(true, content(caPath), content(clientCertPath), content(clientKeyPath));
  return { settings, trust, tls: undefined, port: defaultPort };
}

function refused(path: string, message: string): Error {
  return usageError('kapacitor-refuses', `Kapacitor does not start with ${path}: ${message}`);
}

/** The daemon's meta client: without TLS no CA counts, without verification no certificate is shown. */
function trustIn({ auth }: Configuration, facts: ReadonlyMap<string, DaemonFile>): MetaTrust {
  if (auth.metaInsecureSkipVerify.value) return { verify: false };
  if (!auth.metaUseTls.value) return { verify: true };
  const [ca, cert, key] = [auth.metaCa, auth.metaCert, auth.metaKey].map(({ value }) => contentOf(facts, value));
  return trustOf(true, ca, cert, key);
}

/**
 * The address to query instead of the configured one: a host and port that the sandbox does not have is replaced by its
 * first node. An invalid address stays, and fails as in the daemon.
 */
function metaAddrFor(configured: string, { url, isPortFree }: MetaSide): string {
  const [, name, port] = /^([\w.-]+|\[[\da-f:]+\])?(?::(\d{1,5}))?$/i.exec(configured) ?? [];
  if (configured === '' || (name === undefined && port === undefined)) return configured;
  const isHere = name === undefined || isThisMachine(name.replace(/^\[|\]$/g, ''));
  return isHere && !isPortFree ? configured : new URL(url).host;
}

function listenPort({ http }: Configuration): number {
  const reading = parsePort(http.bindAddress.value);
  return 'port' in reading ? Number(reading.port) : defaultPort;
}

/** A kapacitor.conf, read as the daemon reads it without any variable; one that it refuses ends in its own words. */
export async function configurationFrom(
  { path, bytes }: ConfFile,
  meta: MetaSide,
  read: ReadFile,
  version?: KapacitorVersion,
): Promise<KapacitorSetup> {
  const reading = readConfiguration(bytes, new Map(), version);
  if (!reading.starts) {
    const { message, secretPiece = '' } = reading;
    throw refused(path, secretPiece === '' ? message : message.replaceAll(secretPiece, '***'));
  }
  const { configuration } = reading;
  const { http } = configuration;
  const facts = await readAll([...metaTlsFiles(configuration), ...httpsFiles(configuration)], read);
  for (const check of [checkStart, checkListen]) {
    const checked = check(configuration, facts);
    if (!checked.starts) throw refused(path, checked.message);
  }
  const settings = toDaemonSettings(configuration);
  const cert = contentOf(facts, http.httpsCertificate.value) ?? '';
  const key = contentOf(facts, http.httpsPrivateKey.value) ?? cert;
  return {
    settings: { ...settings, metaAddr: metaAddrFor(settings.metaAddr, meta) },
    trust: trustIn(configuration, facts),
    tls: http.httpsEnabled.value ? { key, cert } : undefined,
    port: listenPort(configuration),
  };
}
