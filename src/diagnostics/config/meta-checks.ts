import { commandLine } from '../../model/shell-command.js';
import { Buffer } from 'node:buffer';
import { fields } from '../../kapacitor-config/fields.js';
import { finding } from '../finding.js';
import { leastSecretBytes } from './access-checks.js';
import { looksSwapped } from './redact.js';
import { addressFault, portNumber } from './address.js';
import {
  type Check,
  type ConfigFacts,
  type ConfigFinding,
  isGiven,
  placeOf,
  type SettingName,
  told,
  wantsMeta,
} from './facts.js';
import { tomlString } from './edit.js';
import { isMasked } from './secret-checks.js';
import { editsFor, fillIns, setMends } from './fixes.js';

const metaAddr: SettingName = ['auth', 'metaAddr'];
const username: SettingName = ['auth', 'metaUsername'];
const password: SettingName = ['auth', 'metaPassword'];
const secret: SettingName = ['auth', 'metaInternalSharedSecret'];
const useTls: SettingName = ['auth', 'metaUseTls'];

const otherServices: ReadonlyMap<number, string> = new Map([
  [8086, 'the HTTP API of data nodes'],
  [8088, "the data nodes' own service"],
  [8089, 'what meta nodes say to each other'],
  [9092, 'Kapacitor itself'],
]);

function address(facts: ConfigFacts): readonly ConfigFinding[] {
  if (!wantsMeta(facts)) return [];
  const value = facts.configuration.auth.metaAddr.value;
  const place = placeOf(facts, metaAddr);
  const fault = addressFault(value);
  if (fault !== undefined) {
    const literal = fault.mended === undefined ? fillIns.metaAddr : tomlString(fault.mended);
    const tls = fault.isHttps && !isGiven(facts, useTls);
    const mends = setMends(facts, [[metaAddr, literal], ...(tls ? ([[useTls, 'true']] as const) : [])]);
    const found = finding('meta-addr-form', `${told(facts, metaAddr)}: it ${fault.what}.`, { place, mends });
    if (fault.mended === undefined) return [{ finding: found }];
    const edits = editsFor(facts, metaAddr, literal);
    const more = tls ? editsFor(facts, useTls, 'true') : [];
    return [{ finding: found, edits: edits && more && [...edits, ...more] }];
  }
  const port = portNumber(value);
  const service = otherServices.get(port ?? 0);
  if (service === undefined) return [];
  const mends = setMends(facts, [[metaAddr, tomlString(value.replace(/\d+$/, '8091'))]]);
  const fact = `${told(facts, metaAddr)}: port ${port} is that of ${service}.`;
  return [{ finding: finding('meta-addr-port', fact, { place, mends }) }];
}

/** Which credentials are sent, and what of them is given in vain. */
function credentials(facts: ConfigFacts): readonly ConfigFinding[] {
  if (!wantsMeta(facts)) return [];
  const { auth } = facts.configuration;
  const hasName = auth.metaUsername.value !== '';
  const hasPassword = auth.metaPassword.value.reveal() !== '';
  const hasSecret = auth.metaInternalSharedSecret.value.reveal() !== '';
  if (hasSecret && hasName) {
    const fact = `${told(facts, secret)}, ${told(facts, username)}.`;
    return [{ finding: finding('meta-both-credentials', fact, { place: placeOf(facts, username) }) }];
  }
  if (hasSecret) return [];
  if (hasPassword && !hasName) {
    const mends = setMends(facts, [[username, fillIns.name]]);
    const fact = `${told(facts, password)}, ${told(facts, username)}.`;
    return [{ finding: finding('meta-password-alone', fact, { place: placeOf(facts, password), mends }) }];
  }
  if (!hasName) {
    const fact = `${told(facts, username)}, ${told(facts, secret)}.`;
    const mends = [{ what: 'To see how the account is made', command: commandLine('kapadmin config init') }];
    return [{ finding: finding('meta-no-account', fact, { place: placeOf(facts, metaAddr), mends }) }];
  }
  if (hasPassword) return [];
  const mends = setMends(facts, [[password, fillIns.password]]);
  const fact = `${told(facts, username)}, ${told(facts, password)}.`;
  return [{ finding: finding('meta-password-empty', fact, { place: placeOf(facts, username), mends }) }];
}

function account(facts: ConfigFacts): readonly ConfigFinding[] {
  if (!wantsMeta(facts)) return [];
  const place = placeOf(facts, username);
  if (looksSwapped(facts.configuration)) {
    const fact = `${told(facts, username)}, ${told(facts, password)}: the first looks like a password, the second like a name.`;
    const mends = [{ what: 'Exchange the values of meta-username and meta-password' }];
    return [{ finding: finding('meta-swapped', fact, { place, mends }) }];
  }
  if (!facts.configuration.auth.metaUsername.value.includes(':')) return [];
  return [{ finding: finding('meta-username-colon', `${told(facts, username)}.`, { place }) }];
}

function metaSecret(facts: ConfigFacts): readonly ConfigFinding[] {
  const value = facts.configuration.auth.metaInternalSharedSecret.value.reveal();
  const bytes = Buffer.byteLength(value);
  if (!wantsMeta(facts) || isMasked(value) || bytes === 0 || bytes >= leastSecretBytes) return [];
  const fact = `[auth] meta-internal-shared-secret has ${bytes} byte${bytes === 1 ? '' : 's'}.`;
  return [{ finding: finding('meta-secret-short', fact, { place: placeOf(facts, secret) }) }];
}

const { http, auth } = fields;
const asks = [http.authEnabled, auth.enabled, auth.metaAddr];

export const metaChecks: readonly Check[] = [
  { reads: asks, gives: ['meta-addr-form', 'meta-addr-port'], find: address },
  {
    reads: [...asks, auth.metaUsername, auth.metaPassword, auth.metaInternalSharedSecret],
    gives: ['meta-both-credentials', 'meta-password-alone', 'meta-no-account', 'meta-password-empty'],
    find: credentials,
  },
  {
    reads: [...asks, auth.metaUsername, auth.metaPassword],
    gives: ['meta-swapped', 'meta-username-colon'],
    find: account,
  },
  { reads: [...asks, auth.metaInternalSharedSecret], gives: ['meta-secret-short'], find: metaSecret },
];
