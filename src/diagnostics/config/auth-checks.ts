import { commandLine } from '../../model/shell-command.js';
import { pluralize } from '../../model/text.js';
import { configFields } from '../../kapacitor-config/fields.js';
import { finding } from '../finding.js';
import { addressFault, addressHost, addressPort, isLoopback } from '../../model/urls.js';
import {
  type ConfigCheck,
  type ConfigFacts,
  type ConfigFinding,
  type ConfigSettingName,
  describeSetting,
  intendsAuthentication,
  isSet,
  settingLocation,
  tooNewFact,
  usesMetaNode,
} from './facts.js';
import { tomlString } from './edit.js';
import { isRedacted } from './secret-checks.js';
import { placeholderLiterals, setFixes, settingEdits } from './fixes.js';
import { looksSwapped } from './redact.js';

/** Below this a secret of HMAC-SHA-256 is weaker than its signature (RFC 7518, 3.2). */
const minSecretBytes = 32;

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
      what: 'Set https-enabled = true with https-certificate; or, only where a TLS proxy runs on this machine, as follows',
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

const username: ConfigSettingName = ['auth', 'metaUsername'];
const password: ConfigSettingName = ['auth', 'metaPassword'];
const secret: ConfigSettingName = ['auth', 'metaInternalSharedSecret'];
const useTls: ConfigSettingName = ['auth', 'metaUseTls'];

const otherServices: ReadonlyMap<number, string> = new Map([
  [8086, 'the HTTP API of data nodes'],
  [8088, 'the internal service of data nodes'],
  [8089, 'the internal service of meta nodes'],
  [9092, 'Kapacitor itself'],
]);

function addressFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  if (!usesMetaNode(facts)) return [];
  const value = facts.configuration.auth.metaAddr.value;
  const place = settingLocation(facts, metaAddr);
  const fault = addressFault(value);
  if (fault !== undefined) {
    const literal = fault.fixed === undefined ? placeholderLiterals.metaAddr : tomlString(fault.fixed);
    const tls = fault.isHttps && !isSet(facts, useTls);
    const fixes = setFixes(facts, [[metaAddr, literal], ...(tls ? ([[useTls, 'true']] as const) : [])]);
    const found = finding('meta-addr-form', `${describeSetting(facts, metaAddr)}: it ${fault.what}.`, { place, fixes });
    if (fault.fixed === undefined) return [{ finding: found }];
    const edits = settingEdits(facts, metaAddr, literal);
    const more = tls ? settingEdits(facts, useTls, 'true') : [];
    return [{ finding: found, edits: edits && more && [...edits, ...more] }];
  }
  const port = addressPort(value);
  const service = otherServices.get(port ?? 0);
  if (service === undefined) return [];
  const fixes = setFixes(facts, [[metaAddr, tomlString(value.replace(/\d+$/, '8091'))]]);
  const fact = `${describeSetting(facts, metaAddr)}: port ${port} belongs to ${service}.`;
  return [{ finding: finding('meta-addr-port', fact, { place, fixes }) }];
}

/** Which credentials are sent, and what of them is given in vain. */
function credentialFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  if (!usesMetaNode(facts)) return [];
  const { auth } = facts.configuration;
  const hasName = auth.metaUsername.value !== '';
  const hasPassword = auth.metaPassword.value.reveal() !== '';
  const hasSecret = auth.metaInternalSharedSecret.value.reveal() !== '';
  if (hasSecret && hasName) {
    const fact = `${describeSetting(facts, secret)}, ${describeSetting(facts, username)}.`;
    return [{ finding: finding('meta-both-credentials', fact, { place: settingLocation(facts, username) }) }];
  }
  if (hasSecret) return [];
  if (hasPassword && !hasName) {
    const fixes = setFixes(facts, [[username, placeholderLiterals.name]]);
    const fact = `${describeSetting(facts, password)}, ${describeSetting(facts, username)}.`;
    return [{ finding: finding('meta-password-alone', fact, { place: settingLocation(facts, password), fixes }) }];
  }
  if (!hasName) {
    const isSecretRead = tooNewFact(facts.input, configFields.auth.metaInternalSharedSecret, '') === undefined;
    const credentials = isSecretRead ? [username, secret] : [username];
    const fact = `${credentials.map((name) => describeSetting(facts, name)).join(', ')}.`;
    const fixes = [{ what: 'To print the commands that create it', command: commandLine('kapadmin config init') }];
    return [{ finding: finding('meta-no-account', fact, { place: settingLocation(facts, metaAddr), fixes }) }];
  }
  if (hasPassword) return [];
  const fixes = setFixes(facts, [[password, placeholderLiterals.password]]);
  const fact = `${describeSetting(facts, username)}, ${describeSetting(facts, password)}.`;
  return [{ finding: finding('meta-password-empty', fact, { place: settingLocation(facts, username), fixes }) }];
}

function accountFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  if (!usesMetaNode(facts)) return [];
  const place = settingLocation(facts, username);
  if (looksSwapped(facts.configuration)) {
    const fact = `${describeSetting(facts, username)}, ${describeSetting(facts, password)}: the first looks like a password, the second like a name.`;
    const fixes = [{ what: 'Swap the values of meta-username and meta-password' }];
    return [{ finding: finding('meta-swapped', fact, { place, fixes }) }];
  }
  if (!facts.configuration.auth.metaUsername.value.includes(':')) return [];
  return [{ finding: finding('meta-username-colon', `${describeSetting(facts, username)}.`, { place }) }];
}

function metaSecretFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  const value = facts.configuration.auth.metaInternalSharedSecret.value.reveal();
  const bytes = Buffer.byteLength(value);
  if (!usesMetaNode(facts) || isRedacted(value) || bytes === 0 || bytes >= minSecretBytes) return [];
  const fact = `[auth] meta-internal-shared-secret has ${pluralize(bytes, 'byte')}.`;
  return [{ finding: finding('meta-secret-short', fact, { place: settingLocation(facts, secret) }) }];
}

export const metaChecks: readonly ConfigCheck[] = [
  { reads: metaSettings, gives: ['meta-addr-form', 'meta-addr-port'], find: addressFindings },
  {
    reads: [...metaSettings, auth.metaUsername, auth.metaPassword, auth.metaInternalSharedSecret],
    gives: ['meta-both-credentials', 'meta-password-alone', 'meta-no-account', 'meta-password-empty'],
    find: credentialFindings,
  },
  {
    reads: [...metaSettings, auth.metaUsername, auth.metaPassword],
    gives: ['meta-swapped', 'meta-username-colon'],
    find: accountFindings,
  },
  { reads: [...metaSettings, auth.metaInternalSharedSecret], gives: ['meta-secret-short'], find: metaSecretFindings },
];
