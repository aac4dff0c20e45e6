import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.js';
import { compareStart, compareStep, type StepResult } from '../../src/scenario/expectations.js';
import { type ScenarioMeta, scenarioNode } from '../../src/scenario/scenario.js';
import { readRoles, readUsers } from '../../src/sandbox/seed-and-data-files.js';
import { bcrypt, type Sent, toRequest } from '../sandbox/meta-node/ask.js';

const user = { method: 'GET', path: '/user', query: { name: 'johndoe' }, auth: 'basic' } as const;

const denied: StepResult = {
  verdict: 'deny',
  status: 401,
  message: 'authorization failed',
  location: null,
  metaRequests: [user],
  retriedUntilTimeout: false,
};

function keys(expectation: Parameters<typeof compareStep>[0], outcome: StepResult = denied): string[] {
  return compareStep(expectation, outcome).map(({ key }) => key);
}

describe('an expectation', () => {
  it('that says nothing is met', () => {
    expect(keys({})).toEqual([]);
    expect(keys({ verdict: undefined } as never)).toEqual([]);
  });

  it('is met key by key', () => {
    const { verdict, status, message, location, retriedUntilTimeout } = denied;
    expect(verdict).toBe('deny');
    expect(keys({ verdict: 'deny', status, message, location, metaRequests: [user], retriedUntilTimeout })).toEqual([]);
    expect(keys({ verdict: 'allow', status: 403, message: 'x', location: '/', retriedUntilTimeout: true })).toEqual([
      'verdict',
      'status',
      'message',
      'location',
      'retriedUntilTimeout',
    ]);
  });

  it('of null is that there is none', () => {
    expect(keys({ message: null, status: null, location: null })).toEqual(['message', 'status']);
    expect(keys({ messageStarts: null })).toEqual([]);
  });

  it('of a beginning is met by any end', () => {
    expect(keys({ messageStarts: 'authorization' })).toEqual([]);
    expect(keys({ messageStarts: 'failed' })).toEqual(['messageStarts']);
    expect(keys({ messageStarts: 'x' }, { ...denied, message: null })).toEqual(['messageStarts']);
  });

  it('shows expected and actual side by side', () => {
    expect(compareStep({ status: 403, messageStarts: 'user ' }, denied)).toEqual([
      { key: 'status', expected: 403, actual: 401 },
      { key: 'messageStarts', expected: 'user ', actual: 'authorization failed' },
    ]);
  });
});

describe('expected requests to the meta node', () => {
  const requests = (...metaRequests: readonly object[]): string[] => keys({ metaRequests });

  it('are as many, in their order', () => {
    expect(requests(user)).toEqual([]);
    expect(requests()).toEqual(['metaRequests']);
    expect(requests(user, user)).toEqual(['metaRequests']);
    const two = { ...denied, metaRequests: [user, { ...user, path: '/authorized' }] };
    expect(keys({ metaRequests: [{ path: '/authorized' }, { path: '/user' }] }, two)).toEqual(['metaRequests']);
  });

  it('are compared by the keys that are given', () => {
    expect(requests({})).toEqual([]);
    expect(requests({ path: '/user' })).toEqual([]);
    expect(requests({ auth: 'bearer' })).toEqual(['metaRequests']);
    expect(requests({ method: 'POST' })).toEqual(['metaRequests']);
    expect(requests({ query: { name: 'janedoe' } })).toEqual(['metaRequests']);
    expect(requests({ query: {} })).toEqual(['metaRequests']);
    expect(requests({ query: { name: 'johndoe', more: '' } })).toEqual(['metaRequests']);
  });

  it('are compared before passwords are masked, and shown masked', () => {
    const query = { name: 'a', password: new Secret('s3cret') };
    const asked: StepResult = { ...denied, metaRequests: [{ ...user, path: '/authorized', query }] };
    expect(keys({ metaRequests: [{ query: { name: 'a', password: 's3cret' } }] }, asked)).toEqual([]);
    const [mismatch] = compareStep({ metaRequests: [{ query: { name: 'a', password: 'oth3r' } }] }, asked);
    const shown = JSON.stringify(mismatch);
    expect(shown).toContain('***');
    expect(shown).not.toMatch(/s3cret|oth3r/);
  });
});

describe('whether the daemon starts', () => {
  const refused = { starts: false, message: 'create server: x' };

  it.each([
    [{}, []],
    [{ starts: false }, []],
    [{ starts: true }, ['starts']],
    [{ starts: false, message: 'create server: x' }, []],
    [{ message: 'create server: y' }, ['message']],
    [{ starts: true, message: null }, ['starts', 'message']],
  ])('%j: %j', (expectation, found) => {
    expect(compareStart(expectation, refused).map(({ key }) => key)).toEqual(found);
  });

  it('reports only the line of a syntax error', () => {
    const same = (expected: string, message: string): boolean =>
      compareStart({ message: expected }, { starts: false, message }).length === 0;
    expect(same('parse config: toml: line 2: a', 'parse config: toml: line 2: b')).toBe(true);
    expect(same('parse config: toml: line 2: a', 'parse config: toml: line 3: a')).toBe(false);
    expect(same('parse config: toml: line 2 (last key "a"): b', 'parse config: toml: line 2 (last key "a"): c')).toBe(
      false,
    );
    expect(same('parse config: toml: line 2: a', 'parse config: toml: line 2 (last key "a"): a')).toBe(false);
  });
});

const account = { username: 'admin', password: new Secret('changeit') };
const users = readUsers(
  [
    { name: 'johndoe', password: 'Pa5sw0Rd', permissions: { '': ['KapacitorAPI'] } },
    { name: 'ldapuser', password: 'ldap-pw', ldap: true },
    { name: 'hashed', hash: 'PBKDF2' },
  ],
  'users',
);
const base: ScenarioMeta = { credentials: account, users, roles: [], responses: [] };
const admin = { as: 'admin:changeit' };

function player(meta: Partial<ScenarioMeta> = {}) {
  const hashed: string[] = [];
  const node = scenarioNode({ ...base, ...meta }, (password) => {
    hashed.push(password.reveal());
    return bcrypt.hash(password);
  });
  const ask = (line: string, sent: Sent = admin): string => {
    const got = node.request(toRequest(line, sent));
    return 'error' in got ? got.error : `${got.answer.status} ${got.answer.body}`;
  };
  return { node, ask, hashed };
}

const authorized = (name: string, password: string): string =>
  `GET /authorized?name=${name}&password=${password}&permission=NoPermissions&resource=_`;

describe('the meta node of a scenario', () => {
  it('answers with the user, its password hashed once at the cost of the player', () => {
    const { ask, hashed } = player();
    const first = ask('GET /user?name=johndoe');
    expect(first).toMatch(/^200 \{"users":\[\{"name":"johndoe","hash":"\$2a\$04\$.{53}","permissions":\{"":\["Kap/);
    expect(ask('GET /user?name=johndoe')).toBe(first);
    expect(hashed).toEqual(['Pa5sw0Rd']);
  });

  it('shows no hash of an LDAP user and a given hash as it is', () => {
    const { ask } = player();
    expect(ask('GET /user?name=ldapuser')).toBe('200 {"users":[{"name":"ldapuser","hash":""}]}');
    expect(ask('GET /user?name=hashed')).toBe('200 {"users":[{"name":"hashed","hash":"PBKDF2"}]}');
  });

  it('answers 404 for an unknown name, also where it is not UTF-8', () => {
    const { ask } = player({ users: readUsers([{ name: '\ufffd' }], 'users') });
    expect(ask('GET /user?name=nobody')).toBe('404 {"error":"user not found"}');
    expect(ask('GET /user?name=%ff')).toBe('404 {"error":"user not found"}');
    expect(ask('GET /user?name=%EF%BF%BD')).toMatch(/^200 /);
  });

  it('compares by /authorized the password of every user that has one', () => {
    const { ask, hashed } = player();
    expect(ask(authorized('ldapuser', 'ldap-pw'))).toBe('200 ');
    expect(ask(authorized('johndoe', 'Pa5sw0Rd'))).toBe('200 ');
    for (const [name, password] of [
      ['ldapuser', 'wrong'],
      ['hashed', ''],
      ['nobody', ''],
    ] as const) {
      expect(ask(authorized(name, password))).toBe('401 {"error":"authorization failed"}');
    }
    expect(hashed).toEqual([]);
  });

  it('asks for exactly its credentials by Basic, and takes no bearer', () => {
    const { ask } = player();
    const line = 'GET /user?name=hashed';
    expect(ask(line)).toMatch(/^200/);
    for (const sent of [
      {},
      { as: 'admin:wrong' },
      { as: 'johndoe:Pa5sw0Rd' },
      { headers: { authorization: 'Bearer a.b.c' } },
    ]) {
      expect(ask(line, sent)).toMatch(/^401/);
    }
  });

  it('asks for nothing where it has no credentials', () => {
    const { ask } = player({ credentials: null, users: [] });
    for (const sent of [{}, admin, { headers: { authorization: 'Bearer a.b.c' } }]) {
      expect(ask('GET /user?name=nobody', sent)).toMatch(/^404/);
    }
  });

  it('gives scripted answers before everything else, first match first, each as often as configured', () => {
    const { ask } = player({
      responses: [
        { path: '/authorized', error: 'timeout' },
        { times: 2, status: 503, body: '{"error": "no leader"}' },
        { path: '/user', times: 1, status: 307, headers: [['Location', '/user?name=x']] },
        { path: '/user', times: 1, body: { users: null } },
        { path: '/user', times: 1, error: 'refused' },
      ],
    });
    expect(ask('GET /user?name=hashed', {})).toBe('503 {"error": "no leader"}');
    expect(ask(authorized('x', 'y'), {})).toBe('timeout');
    expect(ask('GET /role', {})).toBe('503 {"error": "no leader"}');
    expect(ask('GET /user?name=hashed', {})).toBe('307 ');
    expect(ask('GET /user?name=hashed', {})).toBe('200 {"users":null}');
    expect(ask('GET /user?name=hashed', {})).toBe('refused');
    expect(ask('GET /user?name=hashed', {})).toMatch(/^401/);
    expect(ask(authorized('x', 'y'), {})).toBe('timeout');
  });

  it('keeps what a step does not replace, the count of scripted answers too', () => {
    const { node, ask, hashed } = player({ responses: [{ times: 1, status: 500 }] });
    expect(ask('GET /user?name=johndoe')).toBe('500 ');
    ask('GET /user?name=johndoe');
    node.replace({ users: readUsers([{ name: 'johndoe', password: 'Pa5sw0Rd' }], 'users') });
    expect(ask('GET /user?name=johndoe')).not.toContain('permissions');
    expect(hashed).toEqual(['Pa5sw0Rd']);
    node.replace({ roles: readRoles([{ name: 'r', users: ['johndoe'] }], 'roles') });
    expect(ask('GET /role')).toBe('200 {"roles":[{"name":"r","users":["johndoe"]}]}');
    expect(ask('GET /user?name=johndoe')).toMatch(/^200/);
    node.replace({ responses: [{ times: 1, status: 500 }] });
    expect([ask('GET /role'), ask('GET /role')]).toEqual(['500 ', '200 {"roles":[{"name":"r","users":["johndoe"]}]}']);
    node.replace({ credentials: null });
    expect(ask('GET /user?name=johndoe', {})).toMatch(/^200/);
    expect(ask(authorized('johndoe', 'Pa5sw0Rd'), {})).toBe('200 ');
  });
});
