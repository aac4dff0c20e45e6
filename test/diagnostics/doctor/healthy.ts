import { defaultVersion } from '../../../src/model/kapacitor-versions.js';
import { Secret } from '../../../src/model/secret.js';
import type { Role, User } from '../../../src/model/user.js';
import type {
  CertificateFacts,
  DoctorFacts,
  ReadFailure,
  KapacitorFacts,
  LookupFacts,
  MemberFacts,
  NodeFacts,
  ReadResult,
} from '../../../src/diagnostics/doctor/facts.js';

export const now = Date.UTC(2026, 0, 15);
const day = 24 * 3600 * 1000;

export const hash = '$2a$10$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzABCDE';

export function known<T>(value: T): ReadResult<T> {
  return { ok: true, value };
}

export function failed(
  code: string,
  details: Partial<ReadFailure> = {},
): { readonly ok: false; readonly failure: ReadFailure } {
  return { ok: false, failure: { kind: 'unreachable', code, why: `it failed (${code})`, hint: undefined, ...details } };
}

type Scopes = Readonly<Record<string, readonly string[]>>;

export function user(name: string, scopes: Scopes = {}, stored = hash): User {
  return { name, hash: new Secret(stored), permissions: new Map(Object.entries(scopes)) };
}

export function role(name: string, scopes: Scopes, users: readonly string[]): Role {
  return { name, permissions: new Map(Object.entries(scopes)), users };
}

export function certificate(changed: Partial<CertificateFacts> = {}): CertificateFacts {
  return {
    subject: 'CN=meta1',
    issuer: 'CN=CA',
    names: ['meta1'],
    chain: [
      { subject: 'CN=meta1', from: now - day, to: now + 100 * day },
      { subject: 'CN=CA', from: now - day, to: now + 1000 * day },
    ],
    untrusted: undefined,
    fits: true,
    ...changed,
  };
}

const numbers = [1, 2, 3];

export const members: readonly MemberFacts[] = numbers.map((n) => {
  return { url: `https://meta${n}:8091`, addr: `meta${n}:8091`, raftAddr: `meta${n}:8089`, version: '1.11.8-c1.11.8' };
});

export function node(n: number, changed: Partial<NodeFacts> = {}): NodeFacts {
  return {
    url: `https://meta${n}:8091`,
    proxy: undefined,
    ping: known({ version: '1.11.8-c1.11.8', ahead: 200, proxies: [] }),
    status: known({ leader: 'meta1:8089', raftAddr: `meta${n}:8089`, httpAddr: `meta${n}:8091` }),
    members: known(members),
    anonymous: known('closed' as const),
    certificate: certificate({ names: [`meta${n}`] }),
    ...changed,
  };
}

/** Three nodes of which the second is changed. */
export function nodes(changed: Partial<NodeFacts>): readonly NodeFacts[] {
  return [node(1), node(2, changed), node(3)];
}

export const kapacitor: KapacitorFacts = {
  url: 'https://kapacitor:9092',
  certificate: certificate(),
  version: known('1.8.0'),
  anonymous: known(401),
  noauth: known(false),
  emptySecret: known(false),
  pprof: known(false),
};

export const lookup: Extract<LookupFacts, { is: 'asked' }> = {
  is: 'asked',
  conf: '/etc/kapacitor/kapacitor.conf',
  environment: '/etc/default/kapacitor',
  variables: new Map(),
  metaAddr: 'meta1:8091',
  useTls: true,
  account: { kind: 'user', name: 'kapacitor' },
  fault: undefined,
};

/** A cluster and a Kapacitor of which nothing is wrong. */
export function healthy(changed: Partial<DoctorFacts> = {}): DoctorFacts {
  return {
    at: now,
    account: { kind: 'basic', username: 'admin' },
    verifies: true,
    ca: '/etc/ssl/meta-ca.pem',
    nodes: numbers.map((n) => node(n)),
    announced: [],
    users: known([
      user('admin', { '': ['CreateUserAndRole'] }),
      user('kapacitor', { '': ['CreateUserAndRole'] }),
      user('johndoe', { '': ['KapacitorConfigAPI'], telegraf: ['WriteData'] }),
    ]),
    roles: known([role('writers', { '': ['KapacitorConfigAPI'] }, ['johndoe'])]),
    ldap: known(false),
    rememberedRoles: 'unknown',
    lookup,
    configured: undefined,
    assumedVersion: defaultVersion,
    kapacitor,
    probe: { shown: known(true), removed: [], left: [] },
    ...changed,
  };
}
