import { describe, expect, it } from 'vitest';
import { KapadminError } from '../../src/errors.js';
import { config, read, scenario, tasks } from './player.js';

async function fault(value: unknown): Promise<string> {
  try {
    await read(value);
  } catch (error) {
    if (error instanceof KapadminError && error.kind === 'usage') return error.message;
    throw error;
  }
  return 'none';
}

const request = { path: '/' };
const at = (...times: readonly string[]): object => scenario(times.map((time) => ({ at: time, request })));

describe('a scenario with nothing in it', () => {
  it('starts on the first day of 2026 with an empty configuration, node and life', async () => {
    expect(await read({})).toEqual({
      name: 'fallback',
      version: undefined,
      start: Date.UTC(2026, 0, 1),
      config: '',
      env: new Map(),
      meta: { credentials: null, users: [], roles: [], responses: [] },
      listen: undefined,
      steps: [],
      expect: undefined,
    });
  });

  it('may name its schema', async () => {
    expect(await fault({ $schema: 'https://example.org/scenario.json' })).toBe('none');
  });
});

describe('the content of a scenario', () => {
  it('is its name, start and variables', async () => {
    const env = { KAPACITOR_AUTH_BCRYPT_COST: 5, KAPACITOR_AUTH_ENABLED: true, X: '' };
    const given = await read({ name: 'n', start: '2030-05-06T07:08:09Z', kapacitor: { config, env } });
    expect(given).toMatchObject({ name: 'n', start: Date.UTC(2030, 4, 6, 7, 8, 9), config });
    expect([...given.env]).toEqual([
      ['KAPACITOR_AUTH_BCRYPT_COST', '5'],
      ['KAPACITOR_AUTH_ENABLED', 'true'],
      ['X', ''],
    ]);
  });

  it('may be a date of YAML', async () => {
    expect((await read({ start: new Date(5000) })).start).toBe(5000);
  });

  it('is a configuration in a file beside it', async () => {
    expect((await read({ kapacitor: { configFile: 'kapacitor.conf' } })).config).toBe('# kapacitor.conf\n');
    expect((await read({ kapacitor: { configFile: 'kapacitor.conf', config } })).config).toBe(config);
  });

  it('is the node: where it listens, its account, users, roles and answers', async () => {
    const meta = {
      listen: 'https://meta:1',
      credentials: { username: 'admin', password: 'p' },
      users: [
        { name: 'a', password: 'p', permissions: { '': ['ReadData'], db: [] } },
        { name: 'b', hash: '$2a$' },
        { name: 'c', ldap: true },
      ],
      roles: [{ name: 'r', permissions: {}, users: ['a'] }],
      responses: [
        { path: '/user', status: 503, headers: { 'Retry-After': 1 }, body: { error: 'x' }, times: 2 },
        { error: 'timeout' },
        {},
      ],
    };
    const given = await read({ meta });
    expect(given.listen).toBe('https://meta:1');
    expect(given.meta.credentials?.password.reveal()).toBe('p');
    expect(given.meta.users.map(({ name, ldap }) => [name, ldap])).toEqual([
      ['a', false],
      ['b', false],
      ['c', true],
    ]);
    expect(given.meta.users[0]?.password?.reveal()).toBe('p');
    expect(given.meta.users[1]?.hash?.reveal()).toBe('$2a$');
    expect([...(given.meta.users[0]?.permissions ?? [])]).toEqual([
      ['', ['ReadData']],
      ['db', []],
    ]);
    expect(given.meta.roles).toHaveLength(1);
    expect(given.meta.responses[0]).toEqual({
      path: '/user',
      status: 503,
      headers: [['Retry-After', '1']],
      body: { error: 'x' },
      times: 2,
      error: undefined,
    });
    expect(given.meta.responses[1]).toMatchObject({ error: 'timeout', path: undefined, times: undefined });
  });

  it.each([['absent'], [null]])('credentials that are %s are none', async (credentials) => {
    const meta = credentials === null ? { credentials } : {};
    expect((await read({ meta })).meta.credentials).toBeNull();
  });
});

describe('a request', () => {
  it('is sent as it is: path, headers, method GET where none is given', async () => {
    const headers = { Authorization: 'Bearer x', 'X-N': 5 };
    const [step] = (await read(scenario([{ request: { path: '/a//b?\u00e9', headers } }]))).steps;
    expect(step).toMatchObject({ at: '0s', now: 0, meta: undefined, expect: undefined });
    expect(step?.request).toEqual({
      method: 'GET',
      path: '/a//b?\u00e9',
      wire: {
        method: 'GET',
        target: '/a//b?\u00c3\u00a9',
        headers: [
          ['Authorization', 'Bearer x'],
          ['X-N', '5'],
        ],
      },
    });
  });

  it('has user and password as Basic, UTF-8, a missing password empty', async () => {
    const steps = [
      { request: { path: '/', username: '\u00fc', password: 'p:' } },
      { request: { path: '/', username: 'a' } },
    ];
    const given = await read(scenario(steps));
    const sent = given.steps.map((step) => step.request?.wire.headers[0]);
    expect(sent).toEqual([
      ['Authorization', `Basic ${Buffer.from('\u00fc:p:').toString('base64')}`],
      ['Authorization', `Basic ${Buffer.from('a:').toString('base64')}`],
    ]);
  });

  it('may be a URL with its account, which path and username override', async () => {
    const url = 'http://a%40b:p%3Aw@host:9092/kapacitor/v1/tasks?x=%zz';
    const steps = [{ request: { url } }, { request: { url, path: '/x' } }, { request: { url, username: 'c' } }];
    const given = await read(scenario(steps));
    expect(given.steps.map((step) => step.request?.path)).toEqual([
      '/kapacitor/v1/tasks?x=%zz',
      '/x',
      '/kapacitor/v1/tasks?x=%zz',
    ]);
    const accounts = given.steps.map((step) =>
      Buffer.from(String(step.request?.wire.headers[0]?.[1]).slice(6), 'base64').toString(),
    );
    expect(accounts).toEqual(['a@b:p:w', 'a@b:p:w', 'c:']);
  });

  it('may be missing: a step can change the node alone', async () => {
    const [step] = (await read(scenario([{ at: '5m', meta: { users: [], listen: 'http://x:1' } }]))).steps;
    expect(step).toMatchObject({ now: 300e9, request: undefined, listen: 'http://x:1', meta: { users: [] } });
    expect(Object.keys(step?.meta ?? {})).toEqual(['users']);
  });
});

describe('moments', () => {
  it('are durations as Go writes them', async () => {
    const given = await read(at('0s', '20ms', '1.5s', '5m', '1h30m', '1h30m'));
    expect(given.steps.map(({ now }) => now)).toEqual([0, 20e6, 1.5e9, 300e9, 5400e9, 5400e9]);
  });

  it.each([['5m', '4m'], ['-1s']])('never go back: %s', async (...times) => {
    expect(await fault(at(...times))).toMatch(/steps\[\d\]\.at: earlier than the step before it/);
  });

  it.each(['5', '1d', 'soon', ''])('%j is none', async (time) => {
    expect(await fault(at(time))).toContain('steps[0].at: expected a duration such as 5m');
  });
});

describe('a fault', () => {
  it.each<[unknown, string]>([
    [null, 'the scenario: expected an object'],
    [[], 'the scenario: expected an object'],
    ['text', 'the scenario: expected an object'],
    [{ nmae: 'x' }, 'the scenario: unknown key "nmae"'],
    [{ name: 5 }, 'the scenario.name: expected a string'],
    [{ start: 'soon' }, 'start: expected a time such as 2026-01-01T00:00:00Z'],
    [{ start: 5 }, 'start: expected a time'],
    [{ kapacitor: [] }, 'kapacitor: expected an object'],
    [{ kapacitor: { conf: '' } }, 'kapacitor: unknown key "conf"'],
    [{ kapacitor: { config: 5 } }, 'kapacitor.config: expected a string'],
    [{ kapacitor: { env: { A: [] } } }, 'kapacitor.env.A: expected a string'],
    [{ kapacitor: { env: 'A=b' } }, 'kapacitor.env: expected an object'],
    [{ meta: { user: [] } }, 'meta: unknown key "user"'],
    [{ meta: { users: {} } }, 'meta.users: expected a list'],
    [{ meta: { users: [{}] } }, 'meta.users[0].name: expected a string'],
    [{ meta: { users: [{ name: 'a' }, { name: 'a' }] } }, 'meta.users: "a" is listed twice'],
    [{ meta: { users: [{ name: 'a', permissions: ['ReadData'] }] } }, 'meta.users[0].permissions: expected lists'],
    [{ meta: { credentials: 'admin' } }, 'meta.credentials: expected an object'],
    [{ meta: { credentials: { username: 'a' } } }, 'meta.credentials.password: expected a string'],
    [{ meta: { responses: {} } }, 'meta.responses: expected a list'],
    [{ meta: { responses: [{ status: '503' }] } }, 'meta.responses[0].status: expected an integer'],
    [{ meta: { responses: [{ status: 99 }] } }, 'meta.responses[0].status: expected an integer'],
    [{ meta: { responses: [{ times: -1 }] } }, 'meta.responses[0].times: expected an integer'],
    [{ meta: { responses: [{ times: 1.5 }] } }, 'meta.responses[0].times: expected an integer'],
    [{ meta: { responses: [{ error: 'gone' }] } }, 'meta.responses[0].error: expected refused, timeout or tls'],
    [{ meta: { responses: [{ headers: { A: null } }] } }, 'meta.responses[0].headers.A: expected a string'],
    [{ steps: {} }, 'steps: expected a list'],
    [{ steps: ['x'] }, 'steps[0]: expected an object'],
    [{ steps: [{ req: {} }] }, 'steps[0]: unknown key "req"'],
    [{ steps: [{ request: {} }] }, 'steps[0].request: expected a path or a url'],
    [{ steps: [{ request: { path: 5 } }] }, 'steps[0].request.path: expected a string'],
    [{ steps: [{ request: { url: 'host/x' } }] }, 'steps[0].request.url: not an http or https URL'],
    [{ steps: [{ request: { url: 'http://a:%zz@h/' } }] }, 'steps[0].request.url: the credentials in the URL'],
    [{ steps: [{ request, expect: { verdit: 'allow' } }] }, 'steps[0].expect: unknown key "verdit"'],
    [{ steps: [{ request, expect: { metaRequests: {} } }] }, 'steps[0].expect.metaRequests: expected a list'],
    [{ steps: [{ request, expect: { metaRequests: [{ host: '' }] } }] }, 'metaRequests[0]: unknown key "host"'],
    [{ steps: [{ meta: { users: 5 } }] }, 'steps[0].meta.users: expected a list'],
    [{ expect: { start: true } }, 'expect: unknown key "start"'],
  ])('names its place: %j', async (value, message) => {
    expect(await fault(value)).toContain(message);
  });

  it('names a key as it is: what prints it escapes it', async () => {
    expect(await fault({ 'a\u001b[31m': 1 })).toContain('"a\u001b[31m"');
  });

  it('holds no password', async () => {
    const url = 'http://user:s3cret%zz@host/';
    expect(await fault(scenario([{ request: { url } }]))).not.toContain('s3cret');
    expect(await fault(scenario([{ request: { ...tasks, password: ['s3cret'] } }]))).not.toContain('s3cret');
  });
});
