import { configFields } from '../../kapacitor-config/fields.js';
import { finding } from '../finding.js';
import { addressFault, addressHost, isLoopback } from './address.js';
import {
  type ConfigCheck,
  type ConfigFacts,
  type ConfigFinding,
  settingLocation,
  type ConfigSettingName,
  describeSetting,
  usesMetaNode,
} from './facts.js';
import { placeholderLiterals, setFixes } from './fixes.js';

const useTls: ConfigSettingName = ['auth', 'metaUseTls'];
const skipVerify: ConfigSettingName = ['auth', 'metaInsecureSkipVerify'];
const cert: ConfigSettingName = ['auth', 'metaCert'];
const key: ConfigSettingName = ['auth', 'metaKey'];
const ca: ConfigSettingName = ['auth', 'metaCa'];
const metaAddr: ConfigSettingName = ['auth', 'metaAddr'];

/** The settings of TLS for the meta node that are given. */
function tlsSettingsInUse({ configuration: { auth } }: ConfigFacts): readonly ConfigSettingName[] {
  const files = ([ca, cert, key] as const).filter(([, name]) => auth[name as 'metaCa'].value !== '');
  return auth.metaInsecureSkipVerify.value ? [...files, skipVerify] : files;
}

function describeAll(facts: ConfigFacts, names: readonly ConfigSettingName[]): string {
  return `${names.map((name) => describeSetting(facts, name)).join(', ')}.`;
}

function tlsOffFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  const { auth } = facts.configuration;
  if (!usesMetaNode(facts) || auth.metaUseTls.value) return [];
  const given = tlsSettingsInUse(facts);
  const [first] = given;
  const verified = auth.metaInsecureSkipVerify.value ? ([[skipVerify, 'false']] as const) : [];
  const fixes = setFixes(facts, [[useTls, 'true'], ...verified]);
  if (first !== undefined) {
    const details = { place: settingLocation(facts, first), fixes };
    return [{ finding: finding('meta-tls-unused', describeAll(facts, [useTls, ...given]), details) }];
  }
  const address = auth.metaAddr.value;
  const fault = addressFault(address);
  const plain = fault === undefined ? address : fault.fixed;
  if (plain === undefined || isLoopback(addressHost(plain)) || fault?.isHttps === true) return [];
  const fact = describeAll(facts, [useTls, metaAddr]);
  return [{ finding: finding('meta-tls-off', fact, { place: settingLocation(facts, metaAddr), fixes }) }];
}

function unverifiedFindings(facts: ConfigFacts): readonly ConfigFinding[] {
  const { auth } = facts.configuration;
  if (!usesMetaNode(facts) || !auth.metaUseTls.value || !auth.metaInsecureSkipVerify.value) return [];
  const dropped = tlsSettingsInUse(facts).filter((name) => name !== skipVerify);
  const fact = describeAll(facts, [skipVerify, ...dropped]);
  const file = auth.metaCa.value === '' ? ([[ca, placeholderLiterals.caFile]] as const) : [];
  const fixes = setFixes(facts, [[skipVerify, 'false'], ...file]);
  return [{ finding: finding('meta-insecure', fact, { place: settingLocation(facts, skipVerify), fixes }) }];
}

const { http, auth } = configFields;
const reads = [http.authEnabled, auth.enabled, auth.metaAddr, auth.metaUseTls, auth.metaInsecureSkipVerify];

export const tlsSettingChecks: readonly ConfigCheck[] = [
  {
    reads: [...reads, auth.metaCa, auth.metaCert, auth.metaKey],
    gives: ['meta-tls-unused', 'meta-tls-off'],
    find: tlsOffFindings,
  },
  { reads, gives: ['meta-insecure'], find: unverifiedFindings },
];
