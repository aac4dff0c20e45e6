import { describe, expect, it } from 'vitest';
import { findVerdict } from '../../../src/auth-engine/trace.js';
import { explainTrace } from '../../../src/diagnostics/login/explain.js';
import type { Explanation, VerdictCauseId } from '../../../src/diagnostics/login/explanation.js';
import { type Asked, hour, Kapacitor, minute, nodeOf, settings, startMs, token } from '../../auth-engine/engine.js';
import { type Case, cases, traceOf } from './causes.js';

const conf = '/etc/kapacitor/kapacitor.conf';

function explained(one: Case): Explanation {
  return explainTrace(traceOf(one), {
    settings: settings(one.settings),
    conf,
    isAssumed: one.isAssumed === true,
    roles: one.roles,
    at: startMs,
  });
}

function why(cause: VerdictCauseId, name: string): string {
  return explained(find(cause, name)).why;
}

function find(cause: VerdictCauseId, name: string): Case {
  const one = cases[cause].find((candidate) => candidate.name === name);
  if (one === undefined) throw new Error(`no case ${name}`);
  return one;
}

/** Commands and settings that mend it. */
function fixes(cause: VerdictCauseId, name: string): string[] {
  return explained(find(cause, name)).fixes.map(({ command, setting }) => String(command ?? setting ?? ''));
}

const all = Object.entries(cases).flatMap(([cause, list]) => list.map((one) => [cause, one.name, one] as const));

describe('each refusal', () => {
  it.each(all)('is explained by its cause: %s (%s)', (cause, _, one) => {
    const told = explained(one);
    expect(told.cause).toBe(cause);
    expect(told.why).not.toBe('');
    expect(findVerdict(traceOf(one)).verdict === 'allow').toBe(cause === 'allowed');
  });

  it.each(all.filter(([cause]) => cause !== 'allowed'))(
    'names the fix, or that there is none: %s (%s)',
    (_, __, one) => {
      const { fixes: found, notes } = explained(one);
      for (const { what, command, setting } of found) {
        expect(what).not.toBe('');
        expect([command, setting].filter((text) => text !== undefined)).toHaveLength(1);
      }
      if (found.length === 0) expect(notes).toContain('No further permission would allow this.');
    },
  );

  it('holds no secret', () => {
    for (const [, , one] of all) expect(JSON.stringify(explained(one))).not.toMatch(/s3cret|changeit/);
  });
});

describe('the fact that shows the cause', () => {
  it.each<[VerdictCauseId, string, string]>([
    ['wrong-scheme', 'Digest', 'has an unknown scheme'],
    ['unreadable-credentials', 'no colon', 'has no ":"'],
    ['unreadable-credentials', 'Bearer alone', '"Bearer" without a token'],
    ['token', 'another key', 'Kapacitor rejects the bearer token: invalid token: signature is invalid (check 6 of 9)'],
    ['token', 'expired', 'Kapacitor rejects the bearer token: invalid token: Token is expired (check 7 of 9)'],
    ['bad-meta-addr', 'with a scheme', 'meta-addr "http://meta:8091" is not host:port'],
    ['meta-refuses-account', 'unknown', 'the account admin: 401 "authorization failed"'],
    ['meta-refuses-account', 'of a shared secret', 'a bearer token of meta-internal-shared-secret'],
    ['meta-refuses-account', 'that is none', 'no credentials'],
    ['meta-error', 'a 500', '500 "disk full\u001b[31m"'],
    ['meta-error', 'two users', 'the meta node returned 2 users for "johndoe"'],
    ['meta-redirect', 'in a circle', 'too many redirects'],
    ['meta-redirect', 'to a name that cannot be reached', 'redirects to http://meta-02:8091, which cannot be reached'],
    ['unknown-user', 'a 404', 'the cluster has no user "no body"'],
    ['unknown-user', 'an empty list', 'the meta node returned none'],
    [
      'undecodable-document',
      'an unknown permission',
      'every login of johndoe: it does not know the permission "ManageContnuousQuery"',
    ],
    ['hash-not-bcrypt', 'hash 3', 'PBKDF2'],
    ['ldap-hash', 'over 72 bytes', 'more than 72 bytes'],
    ['stale-user-cache', 'a new password', 'user cache (cache-expiration 5m)'],
    [
      'right-only-by-role',
      'a role that gives it',
      'only through role operators; the user record that the meta node returned does not include it',
    ],
    ['right-elsewhere', 'the configuration', 'no privilege on /api/config (KapacitorAPI excludes the configuration)'],
    ['no-right', 'nothing that counts', 'monitor has no Kapacitor permission'],
    ['write-database', 'another one', 'writer has WriteData on telegraf only'],
    ['write-database', 'that a role gives', 'role operators grants it, but the user record does not include it'],
    ['own-store', 'no meta-addr', '/kapacitor/v1/users'],
  ])('%s (%s): %s', (cause, name, fact) => {
    expect(why(cause, name)).toContain(fact);
  });
});

describe('what fixes it', () => {
  it.each<[VerdictCauseId, string, readonly string[]]>([
    ['redirect', 'a path that is not clean', ['/kapacitor/v1/tasks']],
    ['unrouted', 'another method', ['HEAD, OPTIONS, GET, POST, PATCH, PUT, DELETE']],
    ['unknown-user', 'a 404', ['kapadmin user list', "kapadmin user create 'no body'"]],
    ['unknown-user', 'an empty list', ['kapadmin user list', "kapadmin user create 'no body'"]],
    [
      'wrong-password',
      'a wrong one',
      ['it is not the one that the cluster has for johndoe', 'kapadmin user passwd johndoe'],
    ],
    ['stale-user-cache', 'a new password', ['try again', 'kapadmin user passwd johndoe']],
    ['hash-not-bcrypt', 'hash 3', ['[meta] password-hash = "bcrypt"', 'kapadmin user passwd johndoe']],
    ['bad-meta-addr', 'with a scheme', ['meta-addr = "HOST:8091"']],
    ['meta-refuses-account', 'without a right', ['kapadmin user grant admin CreateUserAndRole']],
    ['undecodable-document', 'an unknown permission', ['kapadmin user revoke johndoe ManageContnuousQuery --force']],
    ['right-elsewhere', 'the configuration', ['kapadmin user grant johndoe KapacitorConfigAPI']],
    ['right-elsewhere', 'a preview, the first check', ['kapadmin user grant config KapacitorAPI']],
    ['right-elsewhere', 'write, by GET', []],
    ['no-right', 'nothing at all', ["kapadmin user grant 'a b' KapacitorAPI"]],
    ['right-only-by-role', 'a role that gives it', ['kapadmin user grant monitor KapacitorAPI']],
    ['write-database', 'another one', ['kapadmin user grant writer WriteData --db x']],
    ['write-database', 'that a role gives', [String.raw`kapadmin user grant johndoe WriteData --db 'it'\''s'`]],
    ['ldap-refused', 'a wrong password', ['influxd-ctl ldap verify']],
    ['ldap-hash', 'bcrypt-cost 32', ['bcrypt-cost = 10']],
  ])('%s (%s): %j', (cause, name, expected) => {
    expect(fixes(cause, name)).toEqual(expected);
  });

  it.each([1, 5, 6, 7, 8, 9])('of a token says what to do about check %i', (check) => {
    const texts = cases.token.map((one) => explained(one)).map((told) => [told.why, told.fixes[0]?.setting] as const);
    const [, setting] = texts.find(([text]) => text.includes(`check ${check} of 9`)) ?? [];
    expect(setting).toMatch(/segment|signature|HS256|shared-secret|clocks|"exp"|"username"/);
  });

  it('names the account that the settings use', () => {
    const setting = (name: string): string | undefined =>
      explained(find('meta-refuses-account', name)).fixes[0]?.setting;
    expect(setting('unknown')).toBe('meta-username and meta-password');
    expect(setting('of a shared secret')).toBe('meta-internal-shared-secret');
    expect(setting('that is none')).toBe('meta-username and meta-password, or meta-internal-shared-secret');
  });

  it('names the file whose settings count, or the connection', () => {
    const one = find('meta-tls', 'no TLS');
    const context = { settings: settings(), roles: undefined, at: startMs };
    expect(explainTrace(traceOf(one), { ...context, conf }).fixes[0]?.what).toContain(conf);
    expect(explainTrace(traceOf(one), { ...context, conf: undefined }).fixes[0]?.what).toContain('the connection');
  });
});

describe('what to know beside', () => {
  it('is when a grant shows', () => {
    expect(explained(find('right-elsewhere', 'the configuration')).notes[0]).toContain('for up to 5m');
    const uncached = { ...find('right-elsewhere', 'the configuration'), settings: { cacheExpiration: 0 } };
    expect(explained(uncached).notes[0]).toContain('at the next request');
  });

  it('is which round of a preview path refused', () => {
    expect(explained(find('right-elsewhere', 'a preview, the first check')).notes.at(-1)).toContain(
      'the first check, as /api/preview',
    );
    expect(explained(find('right-elsewhere', 'a preview, the second check')).notes.at(-1)).toContain(
      'the second check',
    );
  });

  it('is whose document it was', () => {
    const name = 'of the user that the node answered with';
    expect(explained(find('wrong-password', name)).notes).toContain('The meta node returned the user other.');
  });

  it('are the permissions of a user from the cache', () => {
    const kapacitor = new Kapacitor({ johndoe: { password: 'right', permissions: { '': ['KapacitorAPI'] } } });
    const request: Asked = { user: 'johndoe', password: 'right', path: '/kapacitor/v1/config' };
    kapacitor.trace(request);
    const context = { settings: settings(), conf, roles: undefined, at: startMs };
    const cached = new Map([['', ['KapacitorAPI']]]);
    expect(explainTrace(kapacitor.trace(request, 1), context, cached).cause).toBe('right-elsewhere');
  });
});

describe('alarms, also where a request is allowed', () => {
  const warnings = (kapacitor: Kapacitor, request: Asked, at = 0): readonly string[] =>
    explainTrace(kapacitor.trace(request, at), {
      settings: kapacitor.daemon.settings,
      conf,
      roles: undefined,
      at: startMs,
    }).warnings;
  const api = { '': ['KapacitorAPI'] };
  const johndoe: Asked = { user: 'johndoe', password: 'right' };

  it('are none for an ordinary login', () => {
    expect(warnings(new Kapacitor({ johndoe: { password: 'right', permissions: api } }), johndoe)).toEqual([]);
  });

  it('sound where authentication is off', () => {
    expect(warnings(new Kapacitor({}, { authEnabled: false }), {})[0]).toContain('auth-enabled is false');
  });

  it('sound where any password is the admin', () => {
    expect(warnings(new Kapacitor({}, { users: 'noauth' }), johndoe)[0]).toContain('noauth');
  });

  it('sound where a page is open to everybody', () => {
    const request = { path: '/kapacitor/v1/debug/vars' };
    expect(warnings(new Kapacitor({}, { pprofEnabled: true }), request)[0]).toContain('pprof-enabled is true');
    expect(warnings(new Kapacitor({}), { method: 'OPTIONS', path: '/' })).toEqual([]);
  });

  it('sound where anybody can sign a token', () => {
    const claims = { username: 'johndoe', exp: 9e9 };
    const kapacitor = new Kapacitor({ johndoe: { permissions: api } });
    expect(warnings(kapacitor, { authorization: `Bearer ${token(claims)}` })[0]).toContain('shared-secret is empty');
    const keyed = new Kapacitor({ johndoe: { permissions: api } }, { sharedSecret: 's' });
    expect(warnings(keyed, { authorization: `Bearer ${token(claims, 's')}` })).toEqual([]);
  });

  it('sound where an old password works, and tell until when', () => {
    const kapacitor = new Kapacitor({ johndoe: { password: 'right', permissions: api } });
    kapacitor.trace(johndoe, 0);
    kapacitor.node = nodeOf({ johndoe: { password: 'new', permissions: api } });
    const [warning] = warnings(kapacitor, johndoe, 6 * minute);
    expect(warning).toContain('the old password still works until 2026-01-01T01:00:00Z');
    expect(warnings(kapacitor, johndoe, hour)).toEqual([]);
  });

  it('do not sound where this very request checked the password', () => {
    const kapacitor = new Kapacitor({ johndoe: { password: 'right', permissions: api } }, { cacheExpiration: 0 });
    expect(warnings(kapacitor, { ...johndoe, path: '/kapacitor/v1preview/tasks' })).toEqual([]);
  });

  it('sound beside a refusal, too', () => {
    const kapacitor = new Kapacitor({ johndoe: { permissions: {} } });
    const request = { authorization: `Bearer ${token({ username: 'johndoe', exp: 9e9 })}` };
    const trace = kapacitor.trace(request);
    expect(findVerdict(trace).status).toBe(403);
    expect(warnings(kapacitor, request)).toHaveLength(1);
  });
});
