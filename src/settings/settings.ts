import { switchOf, type Layer } from './layers.js';
import type { Context } from '../context.js';
import type { KapacitorVersion } from '../model/kapacitor-versions.js';
import type { Credentials, ProxyOptions, TlsOptions } from '../meta/api.js';
import type { RolesInUserRecords } from '../model/user.js';
import type { Notes } from '../output/logger.js';
import { credentialsOf, type Ask } from './credentials.js';
import type { TlsFiles } from './curl.js';
import type { Gathered } from './gather.js';
import { canAsk, type Prompter } from './prompter.js';
import { placeOf } from './origin.js';
import { tlsFilesOf, tlsOf } from './tls.js';
import { countOf, durationOf, kapacitorVersionOf, nodesOf, rolesInUserRecordsOf, sizeOf } from './values.js';

/** Milliseconds, a count, bytes. */
export interface Limits {
  readonly connectTimeout: number;
  readonly timeout: number;
  /** How long a write may take to show in a read. */
  readonly wait: number;
  readonly retries: number;
  readonly maxBody: number;
}

/** How servers are reached, whoever asks. */
export interface Network {
  readonly limits: Limits;
  readonly proxy: ProxyOptions;
  /** Which Kapacitor runs; undefined where nobody says. */
  readonly kapacitorVersion: KapacitorVersion | undefined;
}

/** The connection to the meta nodes. */
export interface Settings extends Network {
  /** As `http://host:8091`, each once. */
  readonly nodes: readonly string[];
  readonly credentials: Credentials;
  readonly tls: TlsOptions;
  readonly tlsFiles: TlsFiles;
  readonly readLeader: boolean;
  /** The profile that counts. */
  readonly profile: string | undefined;
  /** The profile that names the nodes; undefined where a flag or a variable does. */
  readonly clusterProfile: string | undefined;
  /** What that profile knows of its cluster, as `doctor --probe` found it out. */
  readonly rolesInUserRecords: RolesInUserRecords;
  /** Where the password of the account stands, in words; undefined where it was typed or piped, or there is none. */
  readonly passwordPlace: string | undefined;
}

export function limitsOf(given: Layer): Limits {
  return {
    connectTimeout: durationOf(given, 'connectTimeout', 1),
    timeout: durationOf(given, 'timeout', 1),
    wait: durationOf(given, 'wait', 0),
    retries: countOf(given, 'retries', 100),
    maxBody: sizeOf(given, 'maxBody'),
  };
}

function proxyOf(env: Context['env']): ProxyOptions {
  return { https: env['https_proxy'] || env['HTTPS_PROXY'], no: env['no_proxy'] || env['NO_PROXY'] };
}

/** Asks on a terminal; undefined where there is none. */
function askOn(context: Context, prompter: () => Promise<Prompter>): Ask | undefined {
  return canAsk(context) ? async (question) => (await prompter()).password(question) : undefined;
}

function passwordPlaceOf(given: Layer): string | undefined {
  for (const name of ['password', 'passwordFile'] as const) {
    const value = given.get(name);
    if (value !== undefined) return placeOf(value.origin, name);
  }
  return undefined;
}

/** What of the connection is known without its credentials. */
export function networkOf({ given }: Gathered, env: Context['env']): Network {
  return { limits: limitsOf(given), proxy: proxyOf(env), kapacitorVersion: kapacitorVersionOf(given) };
}

/**
 * The connection. Depends on files, and on standard input or a terminal for a password. Throws usage errors that name
 * the wrong setting and where it comes from; nothing is sent.
 */
export async function resolveSettings(
  gathered: Gathered,
  context: Context,
  notes: Notes,
  prompter = async () => (await import('./make-prompter.js')).makePrompter(context, false),
): Promise<Settings> {
  const { given, profile } = gathered;
  const nodes = nodesOf(given);
  const network = networkOf(gathered, context.env);
  const readLeader = switchOf(given, 'readLeader');
  const url = given.get('url');
  const clusterProfile = url?.origin.from === 'profile' ? profile : undefined;
  if (url?.origin.from === 'flag' && url.userinfo?.some((info) => info.hasPassword()) === true) {
    notes.warn('the password in --meta-url shows in the process list and in the history of the shell');
  }
  if (profile !== undefined) notes.debug(`profile ${profile}`);
  const tls = await tlsOf(given, { context, notes });
  const credentials = await credentialsOf(given, { context, notes }, askOn(context, prompter));
  return {
    nodes,
    credentials,
    tls,
    tlsFiles: tlsFilesOf(given),
    ...network,
    readLeader,
    profile,
    clusterProfile,
    rolesInUserRecords: clusterProfile === undefined ? 'unknown' : rolesInUserRecordsOf(given),
    passwordPlace: passwordPlaceOf(given),
  };
}
