import { fields } from '../../kapacitor-config/fields.js';
import { finding } from '../finding.js';
import { addressFault, hostOf, isLoopback } from './address.js';
import {
  type Check,
  type ConfigFacts,
  type ConfigFinding,
  placeOf,
  type SettingName,
  told,
  wantsMeta,
} from './facts.js';
import { fillIns, setMends } from './fixes.js';

const useTls: SettingName = ['auth', 'metaUseTls'];
const skipVerify: SettingName = ['auth', 'metaInsecureSkipVerify'];
const cert: SettingName = ['auth', 'metaCert'];
const key: SettingName = ['auth', 'metaKey'];
const ca: SettingName = ['auth', 'metaCa'];
const metaAddr: SettingName = ['auth', 'metaAddr'];

/** The settings of TLS for the meta node that are given. */
function givenTls({ configuration: { auth } }: ConfigFacts): readonly SettingName[] {
  const files = ([ca, cert, key] as const).filter(([, name]) => auth[name as 'metaCa'].value !== '');
  return auth.metaInsecureSkipVerify.value ? [...files, skipVerify] : files;
}

function toldAll(facts: ConfigFacts, names: readonly SettingName[]): string {
  return `${names.map((name) => told(facts, name)).join(', ')}.`;
}

function unusedOrOff(facts: ConfigFacts): readonly ConfigFinding[] {
  const { auth } = facts.configuration;
  if (!wantsMeta(facts) || auth.metaUseTls.value) return [];
  const given = givenTls(facts);
  const [first] = given;
  const verified = auth.metaInsecureSkipVerify.value ? ([[skipVerify, 'false']] as const) : [];
  const mends = setMends(facts, [[useTls, 'true'], ...verified]);
  if (first !== undefined) {
    const details = { place: placeOf(facts, first), mends };
    return [{ finding: finding('meta-tls-unused', toldAll(facts, [useTls, ...given]), details) }];
  }
  const address = auth.metaAddr.value;
  const fault = addressFault(address);
  const plain = fault === undefined ? address : fault.mended;
  if (plain === undefined || isLoopback(hostOf(plain)) || fault?.isHttps === true) return [];
  const fact = toldAll(facts, [useTls, metaAddr]);
  return [{ finding: finding('meta-tls-off', fact, { place: placeOf(facts, metaAddr), mends }) }];
}

function unverified(facts: ConfigFacts): readonly ConfigFinding[] {
  const { auth } = facts.configuration;
  if (!wantsMeta(facts) || !auth.metaUseTls.value || !auth.metaInsecureSkipVerify.value) return [];
  const dropped = givenTls(facts).filter((name) => name !== skipVerify);
  const fact = toldAll(facts, [skipVerify, ...dropped]);
  const file = auth.metaCa.value === '' ? ([[ca, fillIns.caFile]] as const) : [];
  const mends = setMends(facts, [[skipVerify, 'false'], ...file]);
  return [{ finding: finding('meta-insecure', fact, { place: placeOf(facts, skipVerify), mends }) }];
}

const { http, auth } = fields;
const reads = [http.authEnabled, auth.enabled, auth.metaAddr, auth.metaUseTls, auth.metaInsecureSkipVerify];

export const tlsSettingChecks: readonly Check[] = [
  {
    reads: [...reads, auth.metaCa, auth.metaCert, auth.metaKey],
    gives: ['meta-tls-unused', 'meta-tls-off'],
    find: unusedOrOff,
  },
  { reads, gives: ['meta-insecure'], find: unverified },
];
