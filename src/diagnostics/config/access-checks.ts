import { commandLine } from '../../model/shell-command.js';
import { Buffer } from 'node:buffer';
import { fields } from '../../kapacitor-config/fields.js';
import { finding } from '../finding.js';
import { hostOf, isLoopback } from './address.js';
import {
  type Check,
  type ConfigFacts,
  type ConfigFinding,
  isGiven,
  placeOf,
  type SettingName,
  told,
  wantsAuthentication,
  wantsMeta,
} from './facts.js';
import { tomlString } from './edit.js';
import { isMasked } from './secret-checks.js';
import { editsFor, fillIns, setMends } from './fixes.js';

/** Below this a secret of HMAC-SHA-256 is weaker than its signature (RFC 7518, 3.2). */
export const leastSecretBytes = 32;

const authEnabled: SettingName = ['http', 'authEnabled'];
const enabled: SettingName = ['auth', 'enabled'];
const metaAddr: SettingName = ['auth', 'metaAddr'];
const sharedSecret: SettingName = ['http', 'sharedSecret'];
const pprof: SettingName = ['http', 'pprofEnabled'];
const https: SettingName = ['http', 'httpsEnabled'];

const leastCost = 4;

/** What the meta node needs to be asked, as far as it is not there. */
export function neededByMeta(facts: ConfigFacts): readonly (readonly [SettingName, string])[] {
  const { auth } = facts.configuration;
  const hasSecret = auth.metaInternalSharedSecret.value.reveal() !== '';
  const all: readonly (readonly [boolean, SettingName, string])[] = [
    [auth.metaAddr.value === '', metaAddr, fillIns.metaAddr],
    [auth.cacheExpiration.value <= 0, ['auth', 'cacheExpiration'], '"10m"'],
    [!hasSecret && auth.metaUsername.value === '', ['auth', 'metaUsername'], fillIns.name],
    [!hasSecret && auth.metaPassword.value.reveal() === '', ['auth', 'metaPassword'], fillIns.password],
  ];
  return all.filter(([isNeeded]) => isNeeded).map(([, name, literal]) => [name, literal]);
}

/** What has to be set for users to be checked and the daemon to start. */
function neededByUsers(facts: ConfigFacts): readonly (readonly [SettingName, string])[] {
  const isCheap = facts.configuration.auth.bcryptCost.value < leastCost;
  const cost: readonly (readonly [SettingName, string])[] = isCheap ? [[['auth', 'bcryptCost'], '10']] : [];
  return [[enabled, 'true'], ...cost, ...neededByMeta(facts)];
}

function switches(facts: ConfigFacts): readonly ConfigFinding[] {
  const { http, auth } = facts.configuration;
  const fact = `${told(facts, authEnabled)}, ${told(facts, enabled)}.`;
  if (http.authEnabled.value && !auth.enabled.value) {
    const needed = neededByUsers(facts);
    const isPlain = auth.metaAddr.value !== '' && auth.bcryptCost.value >= leastCost;
    const edits = isPlain ? editsFor(facts, enabled, 'true') : undefined;
    const mends = [
      ...setMends(facts, needed),
      { what: 'To see both sections filled', command: commandLine('kapadmin config init') },
    ];
    return [{ finding: finding('noauth', fact, { place: placeOf(facts, authEnabled), mends }), edits }];
  }
  if (auth.enabled.value && !http.authEnabled.value) {
    const mends = setMends(facts, [[authEnabled, 'true']]);
    const found = finding('http-auth-off', fact, { place: placeOf(facts, enabled), mends });
    return [{ finding: found, edits: editsFor(facts, authEnabled, 'true') }];
  }
  if (auth.enabled.value) return [];
  const mends = [{ what: 'To see both sections filled', command: commandLine('kapadmin config init') }];
  return [{ finding: finding('authentication-off', fact, { place: placeOf(facts, authEnabled), mends }) }];
}

function ownStore(facts: ConfigFacts): readonly ConfigFinding[] {
  const { auth } = facts.configuration;
  if (!auth.enabled.value || auth.metaAddr.value !== '') return [];
  const others = [auth.metaUsername, auth.metaPassword, auth.metaInternalSharedSecret, auth.metaCa, auth.metaUseTls];
  const severity = others.some(({ origin }) => origin.from !== 'default') ? 'error' : 'note';
  const fact = `${told(facts, enabled)}, ${told(facts, metaAddr)}.`;
  const mends = setMends(facts, neededByMeta(facts));
  return [{ finding: finding('own-store', fact, { place: placeOf(facts, enabled), severity, mends }) }];
}

function secret(facts: ConfigFacts): readonly ConfigFinding[] {
  if (!wantsAuthentication(facts)) return [];
  const place = placeOf(facts, sharedSecret);
  const value = facts.configuration.http.sharedSecret.value.reveal();
  const bytes = Buffer.byteLength(value);
  if (bytes === 0) {
    const edits = editsFor(facts, sharedSecret, tomlString(facts.input.freshSecret));
    const mends = edits === undefined ? [{ what: 'To make one', command: commandLine('openssl rand -base64 36') }] : [];
    return [{ finding: finding('shared-secret-empty', `${told(facts, sharedSecret)}.`, { place, mends }), edits }];
  }
  if (bytes >= leastSecretBytes || isMasked(value)) return [];
  const fact = `[http] shared-secret has ${bytes} byte${bytes === 1 ? '' : 's'}.`;
  const mends = [{ what: 'To make one', command: commandLine('openssl rand -base64 36') }];
  return [{ finding: finding('shared-secret-short', fact, { place, mends }) }];
}

function pages(facts: ConfigFacts): readonly ConfigFinding[] {
  if (!wantsAuthentication(facts) || !facts.configuration.http.pprofEnabled.value) return [];
  const details = { place: placeOf(facts, pprof), mends: setMends(facts, [[pprof, 'false']]) };
  return [{ finding: finding('pprof-open', `${told(facts, pprof)}.`, details) }];
}

function clearText(facts: ConfigFacts): readonly ConfigFinding[] {
  const { http } = facts.configuration;
  if (!wantsAuthentication(facts) || http.httpsEnabled.value || isLoopback(hostOf(http.bindAddress.value))) return [];
  const fact = `${told(facts, https)}, ${told(facts, ['http', 'bindAddress'])}.`;
  const mends = [
    { what: 'Set https-enabled = true with https-certificate, or behind a proxy that speaks TLS' },
    ...setMends(facts, [[['http', 'bindAddress'], '"127.0.0.1:9092"']]),
  ];
  return [{ finding: finding('https-off', fact, { place: placeOf(facts, https), mends }) }];
}

const { http, auth } = fields;
const both = [http.authEnabled, auth.enabled];

export const accessChecks: readonly Check[] = [
  { reads: [...both, auth.metaAddr], gives: ['noauth', 'http-auth-off', 'authentication-off'], find: switches },
  { reads: [auth.enabled, auth.metaAddr], gives: ['own-store'], find: ownStore },
  { reads: [...both, http.sharedSecret], gives: ['shared-secret-empty', 'shared-secret-short'], find: secret },
  { reads: [...both, http.pprofEnabled], gives: ['pprof-open'], find: pages },
  { reads: [...both, http.httpsEnabled, http.bindAddress], gives: ['https-off'], find: clearText },
];

const minute = 60e9;
const hour = 60 * minute;
const standard = '"10m"';
/** Below this a cache-expiration is meant to make changes count soon. */
const short = 5 * minute;

const expiration: SettingName = ['auth', 'cacheExpiration'];
const cost: SettingName = ['auth', 'bcryptCost'];

function isLeftOut(facts: ConfigFacts): boolean {
  const keys = facts.file.keys.filter(({ field }) => field === fields.auth.cacheExpiration);
  return !isGiven(facts, expiration) && keys.every(({ value }) => /^["']*$/.test(value.raw));
}

function caches(facts: ConfigFacts): readonly ConfigFinding[] {
  const { value } = facts.configuration.auth.cacheExpiration;
  if (!wantsMeta(facts)) return [];
  const details = { place: placeOf(facts, expiration), mends: setMends(facts, [[expiration, standard]]) };
  const fact = `${told(facts, expiration)}.`;
  if (value <= 0) {
    const edits = isLeftOut(facts) ? editsFor(facts, expiration, standard) : undefined;
    return [{ finding: finding('cache-off', fact, details), edits }];
  }
  if (value > hour) return [{ finding: finding('cache-long', fact, details) }];
  if (value >= short) return [];
  return [{ finding: finding('password-cache-hour', fact, { place: details.place }) }];
}

const slow = 15;
const most = 31;

function highCost(facts: ConfigFacts): readonly ConfigFinding[] {
  const { value } = facts.configuration.auth.bcryptCost;
  if (!wantsMeta(facts) || value < slow) return [];
  const severity = value > most ? 'error' : 'warning';
  const details = { place: placeOf(facts, cost), severity, mends: setMends(facts, [[cost, '10']]) } as const;
  return [{ finding: finding('bcrypt-cost-high', `${told(facts, cost)}.`, details) }];
}

const asks = [http.authEnabled, auth.enabled, auth.metaAddr];

export const cacheChecks: readonly Check[] = [
  { reads: [...asks, auth.cacheExpiration], gives: ['cache-off', 'cache-long', 'password-cache-hour'], find: caches },
  { reads: [...asks, auth.bcryptCost], gives: ['bcrypt-cost-high'], find: highCost },
];
