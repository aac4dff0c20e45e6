import { commandLine } from '../../model/shell-command.js';
import { pluralize } from '../../model/text.js';
import { Buffer } from 'node:buffer';
import { configFields } from '../../kapacitor-config/fields.js';
import { finding } from '../finding.js';
import { addressHost, isLoopback } from '../../model/urls.js';
import {
  type ConfigCheck,
  type ConfigFacts,
  type ConfigFinding,
  isSet,
  settingLocation,
  type ConfigSettingName,
  describeSetting,
  intendsAuthentication,
  usesMetaNode,
} from './facts.js';
import { tomlString } from './edit.js';
import { isRedacted } from './secret-checks.js';
import { settingEdits, placeholderLiterals, setFixes } from './fixes.js';

/** Below this a secret of HMAC-SHA-256 is weaker than its signature (RFC 7518, 3.2). */
export const minSecretBytes = 32;

const authEnabled: ConfigSettingName = ['http', 'authEnabled'];
const enabled: ConfigSettingName = ['auth', 'enabled'];
const metaAddr: ConfigSettingName = ['auth', 'metaAddr'];
const sharedSecret: ConfigSettingName = ['http', 'sharedSecret'];
const pprof: ConfigSettingName = ['http', 'pprofEnabled'];
const https: ConfigSettingName = ['http', 'httpsEnabled'];

const minBcryptCost = 4;

/** What is missing to ask the meta node. */
function missingMetaSettings(facts: ConfigFacts): readonly (readonly [ConfigSettingName, string])[] {
  const { auth } = facts.configuration;
  const hasSecret = auth.metaInternalSharedSecret.value.reveal() !== '';
  const all: readonly (readonly [boolean, ConfigSettingName, string])[] = [
    [auth.metaAddr.value === '', metaAddr, placeholderLiterals.metaAddr],
    [auth.cacheExpiration.value <= 0, ['auth', 'cacheExpiration'], '"10m"'],
    [!hasSecret && auth.metaUsername.value === '', ['auth', 'metaUsername'], placeholderLiterals.name],
    [!hasSecret && auth.metaPassword.value.reveal() === '', ['auth', 'metaPassword'], placeholderLiterals.password],
  ];
  return all.filter(([isNeeded]) => isNeeded).map(([, name, literal]) => [name, literal]);
}

/** What has to be set for users to be checked and the daemon to start. */
function missingAuthSettings(facts: ConfigFacts): readonly (readonly [ConfigSettingName, string])[] {
  const isCheap = facts.configuration.auth.bcryptCost.value < minBcryptCost;
  const cost: readonly (readonly [ConfigSettingName, string])[] = isCheap ? [[['auth', 'bcryptCost'], '10']] : [];
  return [[enabled, 'true'], ...cost, ...missingMetaSettings(facts)];
}

function authenticationFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  const { http, auth } = facts.configuration;
  const fact = `${describeSetting(facts, authEnabled)}, ${describeSetting(facts, enabled)}.`;
  if (http.authEnabled.value && !auth.enabled.value) {
    const needed = missingAuthSettings(facts);
    const isPlain = auth.metaAddr.value !== '' && auth.bcryptCost.value >= minBcryptCost;
    const edits = isPlain ? settingEdits(facts, enabled, 'true') : undefined;
    const fixes = [
      ...setFixes(facts, needed),
      { what: 'To print both sections', command: commandLine('kapadmin config init') },
    ];
    return [{ finding: finding('noauth', fact, { place: settingLocation(facts, authEnabled), fixes }), edits }];
  }
  if (auth.enabled.value && !http.authEnabled.value) {
    const fixes = setFixes(facts, [[authEnabled, 'true']]);
    const found = finding('http-auth-off', fact, { place: settingLocation(facts, enabled), fixes });
    return [{ finding: found, edits: settingEdits(facts, authEnabled, 'true') }];
  }
  if (auth.enabled.value) return [];
  const fixes = [{ what: 'To print both sections', command: commandLine('kapadmin config init') }];
  return [{ finding: finding('authentication-off', fact, { place: settingLocation(facts, authEnabled), fixes }) }];
}

function ownStoreFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  const { auth } = facts.configuration;
  if (!auth.enabled.value || auth.metaAddr.value !== '') return [];
  const others = [auth.metaUsername, auth.metaPassword, auth.metaInternalSharedSecret, auth.metaCa, auth.metaUseTls];
  const severity = others.some(({ origin }) => origin.from !== 'default') ? 'error' : 'info';
  const fact = `${describeSetting(facts, enabled)}, ${describeSetting(facts, metaAddr)}.`;
  const fixes = setFixes(facts, missingMetaSettings(facts));
  return [{ finding: finding('own-store', fact, { place: settingLocation(facts, enabled), severity, fixes }) }];
}

function sharedSecretFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  if (!intendsAuthentication(facts)) return [];
  const place = settingLocation(facts, sharedSecret);
  const value = facts.configuration.http.sharedSecret.value.reveal();
  const bytes = Buffer.byteLength(value);
  if (bytes === 0) {
    const edits = settingEdits(facts, sharedSecret, tomlString(facts.input.freshSecret));
    const fixes =
      edits === undefined ? [{ what: 'To generate one', command: commandLine('openssl rand -base64 36') }] : [];
    return [
      { finding: finding('shared-secret-empty', `${describeSetting(facts, sharedSecret)}.`, { place, fixes }), edits },
    ];
  }
  if (bytes >= minSecretBytes || isRedacted(value)) return [];
  const fact = `[http] shared-secret has ${pluralize(bytes, 'byte')}.`;
  const fixes = [{ what: 'To generate one', command: commandLine('openssl rand -base64 36') }];
  return [{ finding: finding('shared-secret-short', fact, { place, fixes }) }];
}

function pprofFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  if (!intendsAuthentication(facts) || !facts.configuration.http.pprofEnabled.value) return [];
  const details = { place: settingLocation(facts, pprof), fixes: setFixes(facts, [[pprof, 'false']]) };
  return [{ finding: finding('pprof-open', `${describeSetting(facts, pprof)}.`, details) }];
}

function cleartextFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  const { http } = facts.configuration;
  if (!intendsAuthentication(facts) || http.httpsEnabled.value || isLoopback(addressHost(http.bindAddress.value)))
    return [];
  const fact = `${describeSetting(facts, https)}, ${describeSetting(facts, ['http', 'bindAddress'])}.`;
  const fixes = [
    {
      what: 'Set https-enabled = true with https-certificate; or, with a TLS proxy on this machine, listen on 127.0.0.1 only',
    },
    ...setFixes(facts, [[['http', 'bindAddress'], '"127.0.0.1:9092"']]),
  ];
  return [{ finding: finding('https-off', fact, { place: settingLocation(facts, https), fixes }) }];
}

const { http, auth } = configFields;
const both = [http.authEnabled, auth.enabled];

export const accessChecks: readonly ConfigCheck[] = [
  {
    reads: [...both, auth.metaAddr],
    gives: ['noauth', 'http-auth-off', 'authentication-off'],
    find: authenticationFindings,
  },
  { reads: [auth.enabled, auth.metaAddr], gives: ['own-store'], find: ownStoreFindings },
  {
    reads: [...both, http.sharedSecret],
    gives: ['shared-secret-empty', 'shared-secret-short'],
    find: sharedSecretFindings,
  },
  { reads: [...both, http.pprofEnabled], gives: ['pprof-open'], find: pprofFindings },
  { reads: [...both, http.httpsEnabled, http.bindAddress], gives: ['https-off'], find: cleartextFindings },
];

const minute = 60e9;
const hour = 60 * minute;
const recommended = '"10m"';
/** Below this a cache-expiration is meant to make changes count soon. */
const short = 5 * minute;

const expiration: ConfigSettingName = ['auth', 'cacheExpiration'];
const cost: ConfigSettingName = ['auth', 'bcryptCost'];

function isLeftOut(facts: ConfigFacts): boolean {
  const keys = facts.file.keys.filter(({ field }) => field === configFields.auth.cacheExpiration);
  return !isSet(facts, expiration) && keys.every(({ value }) => /^["']*$/.test(value.raw));
}

function cacheFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  const { value } = facts.configuration.auth.cacheExpiration;
  if (!usesMetaNode(facts)) return [];
  const details = { place: settingLocation(facts, expiration), fixes: setFixes(facts, [[expiration, recommended]]) };
  const fact = `${describeSetting(facts, expiration)}.`;
  if (value <= 0) {
    const edits = isLeftOut(facts) ? settingEdits(facts, expiration, recommended) : undefined;
    return [{ finding: finding('cache-off', fact, details), edits }];
  }
  if (value > hour) return [{ finding: finding('cache-long', fact, details) }];
  if (value >= short) return [];
  return [{ finding: finding('password-cache-hour', fact, { place: details.place }) }];
}

const slowBcryptCost = 15;
const maxBcryptCost = 31;

function bcryptCostFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  const { value } = facts.configuration.auth.bcryptCost;
  if (!usesMetaNode(facts) || value < slowBcryptCost) return [];
  const severity = value > maxBcryptCost ? 'error' : 'warning';
  const details = { place: settingLocation(facts, cost), severity, fixes: setFixes(facts, [[cost, '10']]) } as const;
  return [{ finding: finding('bcrypt-cost-high', `${describeSetting(facts, cost)}.`, details) }];
}

const metaSettings = [http.authEnabled, auth.enabled, auth.metaAddr];

export const cacheChecks: readonly ConfigCheck[] = [
  {
    reads: [...metaSettings, auth.cacheExpiration],
    gives: ['cache-off', 'cache-long', 'password-cache-hour'],
    find: cacheFindings,
  },
  { reads: [...metaSettings, auth.bcryptCost], gives: ['bcrypt-cost-high'], find: bcryptCostFindings },
];
