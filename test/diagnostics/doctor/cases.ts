import type { DoctorFacts } from '../../../src/diagnostics/doctor/facts.js';
import type { FindingId } from '../../../src/diagnostics/finding.js';
import {
  certificate,
  failed,
  healthy,
  kapacitor,
  known,
  lookup,
  members,
  node,
  nodes,
  now,
  role,
  user,
} from './healthy.js';

/** Facts with one thing wrong, and exactly what is found in them. */
export interface Case {
  readonly what: string;
  readonly facts: DoctorFacts;
  readonly ids: readonly FindingId[];
}

const day = 24 * 3600 * 1000;
const ping = { version: '1.11.8-c1.11.8', ahead: 0, proxies: [] };
const hash = 'pbkdf2-sha256$16$AAAAAAAAAAAAAAAA$BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB';
const status = { leader: 'meta1:8089', raftAddr: 'meta2:8089', httpAddr: 'meta2:8091' };

const admin = user('admin', { '': ['CreateUserAndRole'] });

function people(...users: readonly ReturnType<typeof user>[]): DoctorFacts {
  return healthy({ users: known([admin, ...users]), roles: known([]) });
}

function is(what: string, facts: DoctorFacts, ...ids: readonly FindingId[]): Case {
  return { what, facts, ids };
}

function expiring(days: number): DoctorFacts {
  const chain = [{ subject: 'CN=meta2', from: now - 100 * day, to: now + days * day }];
  return healthy({ nodes: nodes({ certificate: certificate({ chain }) }) });
}

const away = members.map((one) => ({
  ...one,
  url: one.url?.replace('meta', 'inner'),
  addr: `inner${one.addr.slice(4)}`,
}));

function announcing(failing: string): DoctorFacts {
  return healthy({
    nodes: [node(1, { members: known(away) }), node(2, { members: known(away) }), node(3, { members: known(away) })],
    announced: away.map(({ url = '' }) => ({ url, ping: url.includes(failing) ? failed('dns-failed') : known(ping) })),
  });
}

const fault = { cause: 'meta-refuses-account', why: 'the meta node refuses it', fixes: [] } as const;

export const cases: readonly Case[] = [
  is('a dead node', healthy({ nodes: nodes({ ping: failed('connection-refused') }) }), 'node-unreachable'),
  is(
    'a node that dies between two requests',
    healthy({ nodes: nodes({ status: failed('timeout') }) }),
    'node-unreachable',
  ),
  is(
    'a client certificate that is asked for',
    healthy({ nodes: nodes({ ping: failed('tls-failed') }) }),
    'node-unreachable',
  ),
  is('plain http on a TLS port', healthy({ nodes: nodes({ ping: failed('plain-http-to-https') }) }), 'node-scheme'),
  is(
    'a data node',
    healthy({ nodes: nodes({ status: failed('not-a-meta-node', { kind: 'server' }) }) }),
    'node-not-meta',
  ),
  is('another version', healthy({ nodes: nodes({ ping: known({ ...ping, version: '1.10.0' }) }) }), 'versions-differ'),
  is(
    'plain http to another machine',
    healthy({ nodes: [node(1, { url: 'http://meta1:8091', certificate: undefined }), node(2), node(3)] }),
    'node-plain-http',
  ),
  is('HTTPS_PROXY', healthy({ nodes: nodes({ proxy: 'proxy:3128', certificate: undefined }) }), 'node-proxy'),
  is(
    'a proxy that names itself',
    healthy({ nodes: nodes({ ping: known({ ...ping, proxies: ['via: 1.1 squid'] }) }) }),
    'node-proxy',
  ),
  is('nodes that were not named', healthy({ nodes: [node(1)] }), 'node-not-named'),
  is('a clock that is wrong', healthy({ nodes: nodes({ ping: known({ ...ping, ahead: -45_000 }) }) }), 'clock-skew'),

  is(
    'an election',
    healthy({ nodes: [node(1, { status: known({ ...status, leader: '' }) })] }),
    'no-leader',
    'node-not-named',
  ),
  is(
    'two leaders',
    healthy({ nodes: nodes({ status: known({ ...status, leader: 'meta9:8089' }) }) }),
    'leaders-differ',
  ),
  is('a leader whose name is not known', announcing('inner1'), 'leader-unreachable'),
  is('a follower whose name is not known', announcing('inner3'), 'announced-unreachable'),

  is(
    'a private CA',
    healthy({
      nodes: nodes({
        ping: failed('self-signed'),
        certificate: certificate({ untrusted: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }),
      }),
    }),
    'certificate-untrusted',
  ),
  is(
    'another name',
    healthy({ nodes: nodes({ ping: failed('tls-failed'), certificate: certificate({ fits: false }) }) }),
    'certificate-name',
  ),
  is('a certificate of yesterday', expiring(-1), 'certificate-expired'),
  is(
    'a certificate of tomorrow',
    healthy({
      nodes: nodes({
        certificate: certificate({ chain: [{ subject: 'CN=meta2', from: now + day, to: now + 100 * day }] }),
      }),
    }),
    'certificate-expired',
  ),
  is('13 days left', expiring(13), 'certificate-expires'),
  is('no check of certificates', healthy({ verifies: false }), 'certificate-unverified'),

  is('no authentication', healthy({ nodes: nodes({ anonymous: known('open') }) }), 'anonymous-read'),
  is('no user at all', healthy({ nodes: nodes({ anonymous: known('no-users') }) }), 'no-users'),
  is('a wrong password', healthy({ users: failed('credentials-refused', { kind: 'refused' }) }), 'account-refused'),
  is('an account without rights', healthy({ users: failed('forbidden', { kind: 'refused' }) }), 'account-rights'),
  is(
    'an account that only reads',
    healthy({ account: { kind: 'basic', username: 'johndoe' } }),
    'account-cannot-write',
  ),
  is('LDAP', healthy({ ldap: known(true) }), 'ldap-on'),

  is('PBKDF2', people(user('joe', {}, hash)), 'hash-not-bcrypt'),
  is('a permission that does not exist', people(user('joe', { '': ['ManageContnuousQuery'] })), 'permission-unknown'),
  is(
    'KapacitorAPI on a database',
    people(user('joe', { db: ['KapacitorAPI'] })),
    'right-scoped',
    'kapacitor-admin-makers',
  ),
  is('KapacitorAPI', people(user('joe', { '': ['KapacitorAPI'] })), 'kapacitor-admin-makers'),
  is(
    'a right through a role',
    healthy({ roles: known([role('r', { '': ['KapacitorAPI'] }, ['johndoe'])]) }),
    'right-only-by-role',
    'role-rights-hidden',
  ),
  is(
    'a member that does not exist',
    healthy({ roles: known([role('r', { '': ['KapacitorConfigAPI'] }, ['johndoe', 'gone'])]) }),
    'role-member-missing',
  ),
  is('a role of nobody', healthy({ roles: known([role('r', { '': ['KapacitorAPI'] }, [])]) }), 'role-empty'),
  is(
    'a role that groups of LDAP may have',
    healthy({ ldap: known(true), roles: known([role('r', { '': ['KapacitorAPI'] }, [])]) }),
    'ldap-on',
  ),
  is('a role of nothing', healthy({ roles: known([role('r', { db: [] }, ['johndoe'])]) }), 'role-empty'),
  is(
    'roles that do not show, by trial',
    healthy({ probe: { shown: known(false), removed: [], left: [] } }),
    'role-rights-hidden',
  ),
  is(
    'roles that do not show, by reading',
    healthy({ probe: undefined, roles: known([role('r', { db: ['ReadData'] }, ['johndoe'])]) }),
    'role-rights-hidden',
  ),
  is('a probe of an earlier run', people(user('kapadmin-probe-0123456789ab')), 'probe-left'),
  is(
    'a probe that could not be removed',
    healthy({ probe: { shown: known(true), removed: [], left: ['kapadmin-probe-0123456789ab'] } }),
    'probe-left',
  ),

  is(
    'a refused configuration',
    healthy({ lookup: { is: 'does-not-start', conf: undefined, message: 'parse config' } }),
    'kapacitor-does-not-start',
  ),
  is('a refused account', healthy({ lookup: { ...lookup, fault } }), 'kapacitor-account'),
  is(
    'no Kapacitor',
    healthy({ kapacitor: { ...kapacitor, version: failed('connection-refused') } }),
    'kapacitor-unreachable',
  ),
  is(
    'https named with http',
    healthy({ kapacitor: { ...kapacitor, version: failed('plain-http-to-https') } }),
    'kapacitor-scheme',
  ),
  is('something else', healthy({ kapacitor: { ...kapacitor, version: known(undefined) } }), 'kapacitor-strange'),
  is('an old Kapacitor', healthy({ kapacitor: { ...kapacitor, version: known('1.5.9') } }), 'kapacitor-old'),
  is('another version', healthy({ kapacitor: { ...kapacitor, version: known('1.6.4') } }), 'kapacitor-version'),
  is(
    'another configuration',
    healthy({
      configured: { from: '/etc/k.conf', authEnabled: true, noauth: false, emptySecret: false, pprof: true },
    }),
    'kapacitor-other-configuration',
  ),
  is(
    'an open Kapacitor',
    healthy({ kapacitor: { ...kapacitor, anonymous: known(200), noauth: known(true), pprof: known(true) } }),
    'kapacitor-open',
  ),
  is('noauth', healthy({ kapacitor: { ...kapacitor, noauth: known(true) } }), 'kapacitor-noauth'),
  is(
    'an empty shared-secret',
    healthy({ kapacitor: { ...kapacitor, emptySecret: known(true) } }),
    'kapacitor-empty-secret',
  ),
  is('pprof', healthy({ kapacitor: { ...kapacitor, pprof: known(true) } }), 'kapacitor-pprof'),
  is(
    'plain http to Kapacitor',
    healthy({ kapacitor: { ...kapacitor, url: 'http://kapacitor:9092', certificate: undefined } }),
    'kapacitor-plain-http',
  ),
];
