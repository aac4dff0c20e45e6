import { commandLine } from '../../../model/shell-command.js';
import { Buffer } from 'node:buffer';
import { fields } from '../../../kapacitor-config/fields.js';
import { finding } from '../../../diagnostics/finding.js';
import { hostOf, isLoopback } from './address.js';
import type { Check, ConfigFinding } from './check.js';
import { tomlString } from './edit.js';
import { isMasked } from './secrets.js';
import { placeOf, told, wantsAuthentication, type ConfigFacts, type SettingName } from './facts.js';
import { editsFor, fillIns, setMends } from './mends.js';

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
