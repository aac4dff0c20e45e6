import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnostics/doctor/diagnose.js';
import type { DoctorFacts, LookupFacts } from '../../../src/diagnostics/doctor/facts.js';
import type { FindingId } from '../../../src/diagnostics/finding.js';
import { certificate, failed, healthy, known, lookup, members, node, role, user } from './healthy.js';

/** The lines that mend a finding: commands, and settings. */
function fixes(facts: DoctorFacts, id: FindingId): readonly string[] {
  const found = diagnose(facts).findings.find((one) => one.id === id);
  return (found?.fixes ?? []).map(({ command, setting }) => String(command ?? setting ?? ''));
}

const admin = user('admin', { '': ['CreateUserAndRole'] });
const hostile = "--o'hara\n";

function users(...more: readonly ReturnType<typeof user>[]): DoctorFacts {
  return healthy({ users: known([admin, ...more]), roles: known([]) });
}

describe('what fixes a document', () => {
  it('sets a new password after the form of hashes was changed', () => {
    const facts = users(user('jo', {}, 'pbkdf2-sha256$x'), user(hostile, {}, 'pbkdf2-sha256$x'));
    expect(fixes(facts, 'hash-not-bcrypt')).toEqual([
      'password-hash = "bcrypt"',
      'kapadmin user passwd jo --generate',
      `(no kapadmin command can be printed that every shell reads the same way, because of "${hostile}")`,
    ]);
  });

  it('revokes what Kapacitor does not know, in each scope that has it', () => {
    const facts = users(user('jo', { '': ['Nope', 'ReadData'], 'my db': ['Nope', 'kapacitorapi'] }));
    expect(fixes(facts, 'permission-unknown')).toEqual([
      'kapadmin user revoke jo Nope --force',
      "kapadmin user revoke jo Nope kapacitorapi --db 'my db' --force",
    ]);
  });

  it('says both ways out of a right on a database', () => {
    expect(fixes(users(user('jo', { db: ['KapacitorAPI'] })), 'right-scoped')).toEqual([
      'kapadmin user grant jo KapacitorAPI',
      'kapadmin user revoke jo KapacitorAPI --db db',
    ]);
    const both = users(user('jo', { '': ['KapacitorAPI'], db: ['KapacitorAPI'] }));
    expect(fixes(both, 'right-scoped')).toEqual(['kapadmin user revoke jo KapacitorAPI --db db']);
  });

  it('grants directly what roles give, all of it at once', () => {
    const roles = known([
      role('a', { '': ['KapacitorAPI'] }, ['jo']),
      role('b', { db: ['KapacitorConfigAPI'] }, ['jo']),
    ]);
    const facts = { ...users(user('jo')), roles };
    expect(fixes(facts, 'right-only-by-role')).toEqual(['kapadmin user grant jo KapacitorAPI KapacitorConfigAPI']);
    const found = diagnose(facts).findings.find(({ id }) => id === 'right-only-by-role');
    expect(found?.fact).toBe('jo has KapacitorAPI, KapacitorConfigAPI through a, b.');
    expect(found?.place).toEqual({ in: 'cluster', user: 'jo' });
  });

  it('needs nothing where the cluster shows the permissions of roles in the documents', () => {
    const roles = known([role('a', { '': ['KapacitorAPI'] }, ['jo'])]);
    const facts = { ...users(user('jo', { '': ['KapacitorAPI'] })), roles };
    expect(diagnose(facts).findings.map(({ id }) => id)).toEqual(['kapacitor-admin-makers']);
  });

  it('takes names out of a role that are no users', () => {
    const roles = known([role('-r', { '': ['ReadData'] }, ['admin', 'gone', hostile])]);
    expect(fixes(healthy({ roles }), 'role-member-missing')).toEqual([
      `(no kapadmin command can be printed that every shell reads the same way, because of "${hostile}")`,
    ]);
  });

  it('keeps to twenty lines, however many users there are', () => {
    const many = Array.from({ length: 500 }, (_, n) => user(`u${n}`, { db: ['Nope'] }, 'pbkdf2-sha256$x'));
    const facts = users(...many);
    expect(fixes(facts, 'permission-unknown')).toHaveLength(20);
    expect(fixes(facts, 'hash-not-bcrypt')).toHaveLength(21);
    const [first] = diagnose(facts).findings;
    expect(first?.fact).toContain('and 490 more');
  });
});

describe('what fixes a name', () => {
  const ping = failed('dns-failed');

  it('is a line of /etc/hosts with the address under which the leader answers', () => {
    const inner = members.map((one) => ({ ...one, url: one.url?.replace('meta', 'inner') }));
    const reached = { url: 'https://10.0.0.7:8091', members: known(inner), certificate: certificate() };
    const facts = healthy({ nodes: [node(1, reached)], announced: [{ url: 'https://inner1:8091', ping }] });
    expect(fixes(facts, 'leader-unreachable')[0]).toBe('10.0.0.7 inner1');
  });

  it('is a name of the certificate, with the port that was used', () => {
    const wrong = certificate({ fits: false, names: ['*.example.org', 'meta.example.org', '10.0.0.1'] });
    expect(fixes(healthy({ nodes: [node(1, { certificate: wrong })] }), 'certificate-name')).toEqual([
      'https://meta.example.org:8091',
    ]);
  });
});

describe("what fixes Kapacitor's own account", () => {
  type Asked = Extract<LookupFacts, { is: 'asked' }>;
  const lines = (cause: NonNullable<Asked['fault']>['cause'], changed: Partial<Asked> = {}, facts = healthy()) =>
    fixes(
      { ...facts, lookup: { ...lookup, fault: { cause, why: 'so it is', fixes: [] }, ...changed } },
      'kapacitor-account',
    );

  it('is a new password where the cluster knows it', () => {
    expect(lines('meta-refuses-account')).toEqual([
      'kapadmin user passwd kapacitor --generate',
      'meta-password = "THE PASSWORD THAT IT PRINTED"',
    ]);
  });

  it('is a new user where the cluster does not', () => {
    expect(lines('meta-refuses-account', { account: { kind: 'user', name: 'kap' } })).toEqual([
      'kapadmin user create kap --generate --grant CreateUserAndRole',
      'meta-password = "THE PASSWORD THAT IT PRINTED"',
    ]);
  });

  it('is an account where it has none, set where its settings come from', () => {
    const variables = new Map([['meta-password', 'KAPACITOR_AUTH_META_PASSWORD']]);
    expect(lines('meta-refuses-account', { account: { kind: 'none' }, variables })).toEqual([
      'kapadmin user passwd kapacitor --generate',
      'meta-username = "kapacitor"',
      'KAPACITOR_AUTH_META_PASSWORD=THE PASSWORD THAT IT PRINTED',
    ]);
  });

  it('is the secret of the meta nodes where it uses one', () => {
    expect(lines('meta-refuses-account', { account: { kind: 'secret' } })).toEqual([
      'meta-internal-shared-secret = "THE internal-shared-secret OF THE META NODES"',
    ]);
  });

  it.each(['bad-meta-addr', 'meta-timeout', 'meta-redirect'] as const)(
    'is the address of a node that answers: %s',
    (cause) => {
      expect(lines(cause, { metaAddr: ' 10.0.0.9:8091:8091' })).toEqual(['meta-addr = "meta1:8091"']);
    },
  );

  it('is TLS where the node that it names speaks TLS, with the CA that is trusted here', () => {
    const both = ['meta-use-tls = true', 'meta-ca = "/etc/ssl/meta-ca.pem"'];
    expect(lines('meta-unreachable', { useTls: false })).toEqual(both);
    expect(lines('meta-tls')).toEqual(['meta-ca = "/etc/ssl/meta-ca.pem"']);
    expect(lines('meta-unreachable', { metaAddr: 'elsewhere:8091' })).toEqual(['meta-addr = "meta1:8091"']);
  });

  it('is no TLS where the node speaks plain http', () => {
    const facts = healthy({ nodes: [node(1, { url: 'http://meta1:8091', certificate: undefined })] });
    expect(lines('meta-tls', {}, facts)).toEqual(['meta-use-tls = false']);
  });
});

describe('how bad it is', () => {
  const severity = (facts: DoctorFacts, id: FindingId) =>
    diagnose(facts).findings.find((one) => one.id === id)?.severity;

  it('is an error that a token of Kapacitor has expired when it comes', () => {
    const late = { ping: known({ version: '1', ahead: 400_000, proxies: [] }) };
    expect(severity(healthy({ nodes: [node(1, late)] }), 'clock-skew')).toBe('warning');
    const secret = { ...lookup, account: { kind: 'secret' } } as const;
    expect(severity(healthy({ nodes: [node(1, late)], lookup: secret }), 'clock-skew')).toBe('error');
    expect(severity(healthy({ nodes: [node(1, late)], account: { kind: 'bearer', username: '' } }), 'clock-skew')).toBe(
      'error',
    );
  });

  it("is no error that a leader's name is not known where nobody redirects to it", () => {
    const alone = members.slice(0, 1).map((one) => ({ ...one, url: 'https://inner:8091' }));
    const announced = [{ url: 'https://inner:8091', ping: failed('dns-failed') }];
    expect(severity(healthy({ nodes: [node(1, { members: known(alone) })], announced }), 'leader-unreachable')).toBe(
      'warning',
    );
  });
});
