import { commandLine } from '../../model/shell-command.js';
import { pluralize } from '../../model/text.js';
import { Buffer } from 'node:buffer';
import { configFields } from '../../kapacitor-config/fields.js';
import { finding } from '../finding.js';
import { minSecretBytes } from './access-checks.js';
import { looksSwapped } from './redact.js';
import { addressFault, addressPort } from '../../model/urls.js';
import {
  type ConfigCheck,
  type ConfigFacts,
  type ConfigFinding,
  isSet,
  settingLocation,
  type ConfigSettingName,
  describeSetting,
  tooNewFact,
  usesMetaNode,
} from './facts.js';
import { tomlString } from './edit.js';
import { isRedacted } from './secret-checks.js';
import { settingEdits, placeholderLiterals, setFixes } from './fixes.js';

const metaAddr: ConfigSettingName = ['auth', 'metaAddr'];
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

const { http, auth } = configFields;
const metaSettings = [http.authEnabled, auth.enabled, auth.metaAddr];

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
