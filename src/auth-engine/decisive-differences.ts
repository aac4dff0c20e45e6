import { type ConfigResult, readConfiguration } from '../kapacitor-config/read-and-validate.js';
import { type HttpRequest, parseRequest, readCredentials, type RequestCredentials } from './request.js';
import type { DaemonSettings } from './daemon-state.js';
import { hashingFault } from './parse-bcrypt.js';
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
  const current = metaSecretOf(readConfiguration(content, env, version));
  return decisiveDifferences(version, (one) => metaSecretOf(readConfiguration(content, env, one)) ?? current);
}

/** What decides besides the request. */
export interface DecisionContext {
  readonly settings: DaemonSettings;
  readonly version: KapacitorVersion;
  /** The request's time, in whole seconds since 1970. */
  readonly seconds: number;
}

function outcomeOf(
  credentials: RequestCredentials,
  isLdap: boolean,
  { settings, version, seconds }: DecisionContext,
): string {
  switch (credentials.form) {
    case 'bearer': {
      const token = verifyToken(credentials.token, settings.sharedSecret, seconds, version);
      return token.ok ? `bearer ${token.username}` : 'bearer';
    }
    case 'subscriber':
      return credentials.form;
    default:
      return `${credentials.form} ${isLdap ? (hashingFault(credentials.password, settings.bcryptCost, version) ?? '') : ''}`;
  }
}

/** The differences between versions that decide on the credentials of a request: its header, token or password. */
export function requestDifferences(request: HttpRequest, trace: Trace, context: DecisionContext): DifferenceId[] {
  const parsed = parseRequest(request);
  if (!parsed.ok || !trace.some((step) => step.kind === 'credentials')) return [];
  const isLdap = trace.some((step) => step.kind === 'lookup' && step.purpose === 'ldap' && step.outcome === 'pass');
  return decisiveDifferences(context.version, (version) => {
    const credentials = readCredentials(parsed.header('authorization'), parsed.url.rawQuery, version);
    return credentials.ok ? outcomeOf(credentials.credentials, isLdap, { ...context, version }) : undefined;
  });
}
