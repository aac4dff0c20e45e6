import { describe, expect, it } from 'vitest';
import { roleSentence } from '../../../src/model/roles-in-user-records.js';
import { createBundle, diagnose, doctorChecks } from '../../../src/diagnostics/doctor/diagnose.js';
import { rulesFoundBy } from '../../../src/diagnostics/finding.js';
import { cases } from './cases.js';
import { failed, hash, healthy, kapacitor, known, node, user } from './healthy.js';

const ids = rulesFoundBy('doctor').map(({ id }) => id);

/** Nothing to mend, or only what the error that led to it says. */
const fixless = new Set<string>([
  'role-rights-hidden',
  'ldap-on',
  'node-proxy',
  'node-unreachable',
  'account-refused',
  'kapacitor-unreachable',
]);

describe('doctor', () => {
  it('finds nothing wrong with a healthy cluster, and says what is well', () => {
    const report = diagnose(healthy());
    expect(report.findings).toEqual([]);
    expect(report.unknown).toEqual([]);
    expect(report.checked.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(report.ok).toEqual([
      '3 nodes, version 1.11.8, leader meta1:8091',
      'certificates are trusted and match their host names; the first expires on 2026-04-25',
      'the clocks agree within 1 second',
      'anonymous access is disabled',
      'users and roles can be read as admin, which may also change them',
      '3 users: Kapacitor can check every hash and knows every permission',
      '1 role: no user needs one for Kapacitor',
      `${roleSentence('yes')} The user record of a temporary user included the permission of its role.`,
      'Kapacitor looks up users at meta1:8091 with the account kapacitor',
      'Kapacitor 1.8.0 at kapacitor:9092 requires credentials and checks them',
    ]);
  });

  it.each(cases)('finds exactly what is wrong: $what', ({ facts, ids: expected }) => {
    expect(diagnose(facts).findings.map(({ id }) => id)).toEqual(expected);
  });

  it('has a case for each of its rules, and each rule in one check', () => {
    expect([...new Set(cases.flatMap((one) => one.ids))].toSorted()).toEqual(ids.toSorted());
    expect(doctorChecks.flatMap((check) => check.ids).toSorted()).toEqual(ids.toSorted());
  });

  it.each(cases)('says what to do about it, as lines that are not empty: $what', ({ facts }) => {
    const told = diagnose(facts).findings.filter(({ id }) => !fixless.has(id));
    for (const { id, fixes } of told) expect(fixes, id).not.toEqual([]);
    for (const fix of told.flatMap(({ fixes }) => fixes)) expect(String(fix.command ?? fix.setting)).toMatch(/\S/);
  });

  it('puts the worst first', () => {
    const report = diagnose(
      healthy({ verifies: false, ldap: known(true), nodes: [node(1, { anonymous: known('open') })] }),
    );
    expect(report.findings.map(({ severity }) => severity)).toEqual(['error', 'warning', 'info', 'info']);
  });

  it.each([
    [{ roles: failed('unreadable') }, 'roles could not be read; once that works, kapadmin doctor --probe '],
    [
      { users: failed('forbidden'), roles: failed('forbidden') },
      'users and roles could not be read; with an account that has CreateUserAndRole, kapadmin doctor --probe ',
    ],
    [{}, 'no user record shows it; kapadmin doctor --probe '],
  ])('says how to find out whether records include role permissions: %j', (changed, told) => {
    const { unknown } = diagnose(healthy({ probe: undefined, ...changed }));
    const what = 'whether user records include role permissions';
    expect(unknown.find((one) => one.what === what)?.why).toContain(told);
  });

  it('does not call a rule checked that it could not look at', () => {
    const nothing = failed('connection-refused', { hint: 'start it' });
    const dead = { ping: nothing, status: nothing, members: nothing, anonymous: nothing, certificate: undefined };
    const report = diagnose(
      healthy({
        nodes: [node(1, dead)],
        users: nothing,
        roles: nothing,
        ldap: nothing,
        lookup: { is: 'unknown', why: 'no file' },
        kapacitor: undefined,
        probe: undefined,
      }),
    );
    expect(report.findings.map(({ id }) => id)).toEqual(['node-unreachable']);
    expect(report.ok).toEqual([]);
    const unchecked = report.unchecked.map(({ rule }) => rule.id);
    for (const id of [
      'no-leader',
      'anonymous-read',
      'hash-not-bcrypt',
      'kapacitor-account',
      'kapacitor-open',
      'clock-skew',
    ]) {
      expect(unchecked).toContain(id);
      expect(report.checked.map((rule) => rule.id)).not.toContain(id);
    }
  });

  it('does not take a part of what it asks of Kapacitor for the whole', () => {
    const report = diagnose(healthy({ kapacitor: { ...kapacitor, noauth: failed('timeout') } }));
    expect(report.unknown).toContainEqual({ what: 'running Kapacitor', why: 'it failed (timeout)' });
    expect(report.ok).not.toContainEqual(expect.stringContaining('Kapacitor 1.8.0'));
    expect(report.unchecked.map(({ rule }) => rule.id)).toEqual(['kapacitor-noauth']);
  });

  it('takes users of LDAP, who have no hash, for what they are', () => {
    const report = diagnose(
      healthy({ users: known([user('admin', { '': ['CreateUserAndRole'] }, '')]), roles: known([]) }),
    );
    expect(report.findings).toEqual([]);
    expect(report.ok).toContain('1 user: Kapacitor can check every hash (1 has none) and knows every permission');
  });
});

const about = { kapadmin: '1.2.3', connection: { nodes: ['https://meta1:8091'] }, kapacitor: undefined };

describe('a support bundle', () => {
  it('reports the kind of a hash, and nothing of its salt and digest', () => {
    const facts = healthy({ users: known([user('jo', { db: ['ReadData'] }), user('ldap', {}, '')]) });
    const text = JSON.stringify(createBundle(diagnose(facts), facts, about));
    expect(text).not.toContain(hash.slice(10));
    expect(JSON.parse(text)).toMatchObject({
      kapadmin: '1.2.3',
      at: '2026-01-15T00:00:00.000Z',
      facts: {
        users: [
          { name: 'jo', hash: 'bcrypt $2a$ cost 10', permissions: { db: ['ReadData'] } },
          { name: 'ldap', hash: 'none', permissions: {} },
        ],
      },
    });
  });

  it('reports why something was not read', () => {
    const facts = healthy({ users: failed('timeout') });
    expect(createBundle(diagnose(facts), facts, about)).toMatchObject({
      facts: { users: { failed: { code: 'timeout', why: 'it failed (timeout)' } } },
    });
  });
});
