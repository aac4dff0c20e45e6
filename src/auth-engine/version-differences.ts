import { readConfiguration, type ConfigResult } from '../kapacitor-config/read.js';
import { type RequestCredentials, type HttpRequest, readCredentials, parseRequest } from './request.js';
import type { DaemonSettings } from './daemon.js';
import { hashingFault } from './bcrypt-hash.js';
import { verifyToken } from './jwt.js';
import type { Trace } from './trace.js';
import { type DifferenceId, differences, type KapacitorVersion } from '../model/kapacitor-versions.js';

const ids = Object.keys(differences) as DifferenceId[];

/** The differences that change an outcome when flipped. */
function decisiveDifferences(
  version: KapacitorVersion,
  outcomeOf: (version: KapacitorVersion) => string | undefined,
): DifferenceId[] {
  const outcome = outcomeOf(version);
  return ids.filter((id) => {
    const rules = { ...version.rules, [id]: !version.rules[id] };
    return outcomeOf({ name: version.name, rules }) !== outcome;
  });
}

function metaSecretOf(reading: ConfigResult): string | undefined {
  return reading.starts ? reading.configuration.auth.metaInternalSharedSecret.value.reveal() : undefined;
}

/**
 * The differences between versions that decide whether a configuration is accepted, or which secret Kapacitor sends to
 * the meta node.
 */
export function configurationDifferences(
  content: string | Uint8Array,
  env: ReadonlyMap<string, string>,
  version: KapacitorVersion,
): DifferenceId[] {
  const own = metaSecretOf(readConfiguration(content, env, version));
  return decisiveDifferences(version, (one) => metaSecretOf(readConfiguration(content, env, one)) ?? own);
}

/** What decides besides the request. */
export interface DecisionContext {
  readonly settings: DaemonSettings;
  readonly version: KapacitorVersion;
  /** The request's time, in whole seconds since 1970. */
  readonly seconds: number;
}

function outcomeOf(
  given: RequestCredentials,
  isLdap: boolean,
  { settings, version, seconds }: DecisionContext,
): string {
  switch (given.form) {
    case 'bearer': {
      const token = verifyToken(given.token, settings.sharedSecret, seconds, version);
      return token.ok ? `bearer ${token.username}` : 'bearer';
    }
    case 'subscriber':
      return given.form;
    default:
      return `${given.form} ${isLdap ? (hashingFault(given.password, settings.bcryptCost, version) ?? '') : ''}`;
  }
}

/** The differences between versions that decide on the credentials of a request: its header, token or password. */
export function requestDifferences(request: HttpRequest, trace: Trace, decided: DecisionContext): DifferenceId[] {
  const read = parseRequest(request);
  if (!read.ok || !trace.some((step) => step.kind === 'credentials')) return [];
  const isLdap = trace.some((step) => step.kind === 'lookup' && step.purpose === 'ldap' && step.outcome === 'pass');
  return decisiveDifferences(decided.version, (version) => {
    const credentials = readCredentials(read.header('authorization'), read.url.rawQuery, version);
    return credentials.ok ? outcomeOf(credentials.credentials, isLdap, { ...decided, version }) : undefined;
  });
}
