import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { config, johndoe, played, read, scenario, tasks } from './player.js';
import { createPlayTools, type PlayedScenario, type PlayedStep, playScenario } from '../../src/scenario/play.js';
import bcrypt from 'bcryptjs';
import { systemClock } from '../../src/meta/client.js';
import { files } from '../../src/files/files.js';

async function steps(...args: Parameters<typeof scenario>): Promise<readonly PlayedStep[]> {
  return (await played(scenario(...args))).steps;
}

/** Verdict, status, and the paths that were asked of the node. */
function told({ verdict, status, metaRequests, retriedUntilTimeout }: PlayedStep): string {
  const asked = metaRequests.map(({ path }) => path).join(' ');
  return `${verdict}${status === null ? '' : ` ${status}`} [${asked}]${retriedUntilTimeout ? ' timeout' : ''}`;
}

async function tell(...args: Parameters<typeof scenario>): Promise<string[]> {
  return (await steps(...args)).map(told);
}

const config403 = { ...tasks, path: '/kapacitor/v1/config' };

describe('a played step', () => {
  it('reports request, user, verdict, message, and each request to the meta node', async () => {
    const [allowed, refused] = await steps([{ request: tasks }, { at: '1s', request: config403 }]);
    expect(allowed).toMatchObject({
      at: '0s',
      request: { method: 'GET', path: '/kapacitor/v1/tasks' },
      user: 'johndoe',
      verdict: 'allow',
      status: null,
      message: null,
      location: null,
      metaRequests: [{ method: 'GET', path: '/user', query: { name: 'johndoe' }, auth: 'basic' }],
      retriedUntilTimeout: false,
      mismatches: [],
    });
    expect(refused).toMatchObject({
      at: '1s',
      verdict: 'deny',
      status: 403,
      message: 'user johndoe does not have "read" privilege for API endpoint "/kapacitor/v1/config"',
      metaRequests: [],
    });
    expect(refused?.trace.at(-1)?.kind).toBe('verdict');
  });

  it('reports who asked where no user was accepted', async () => {
    const requests = [
      { ...tasks, password: 'x' },
      { path: '/' },
      { path: '/?u=a&p=b' },
      { path: '/a//b', username: 'a' },
    ];
    const all = await steps(requests.map((request) => ({ request })));
    expect(all.map(({ user }) => user)).toEqual(['johndoe', null, 'a', null]);
  });

  it('reports where it is redirected to', async () => {
    const [step] = await steps([{ request: { path: '/a/../b?c' } }]);
    expect(step).toMatchObject({ verdict: 'redirect', status: 301, location: '/b?c', message: null });
  });

  it('has an entry for each request, none for a change of the node', async () => {
    expect(await steps([{ meta: { users: [] } }, { request: tasks }])).toHaveLength(1);
  });
});

describe('virtual time', () => {
  it('moves between steps, by hours at once', async () => {
    const found = await tell(['0s', '4m59s', '5m', '1000h'].map((at) => ({ at, request: tasks })));
    expect(found).toEqual(['allow [/user]', 'allow []', 'allow [/user]', 'allow [/user]']);
  });

  it('stands still inside a step: ten seconds of tries do not move it', async () => {
    const meta = { responses: [{ status: 503, times: 4 }] };
    expect(
      await tell([{ request: tasks }, { at: '4m59s', request: tasks }, { at: '5m', request: tasks }], meta),
    ).toEqual(['allow [/user /user /user /user /user]', 'allow []', 'allow [/user]']);
  });

  it('starts where the scenario says', async () => {
    const payload = Buffer.from('{"username":"johndoe","exp":1767225660}').toString('base64url');
    const signed = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${payload}`;
    const bearer = `Bearer ${signed}.${createHmac('sha256', '').update(signed).digest('base64url')}`;
    const request = { path: '/kapacitor/v1/tasks', headers: { Authorization: bearer } };
    const life = [
      { at: '59s', request },
      { at: '1m', request },
    ];
    expect((await steps(life)).map(({ verdict }) => verdict)).toEqual(['allow', 'deny']);
    const later = await steps(life, {}, { start: '2026-01-01T00:00:01Z' });
    expect(later.map(({ message }) => message)).toEqual(Array(2).fill('invalid token: Token is expired'));
  });
});

describe('the node', () => {
  it('is changed from a step on, in the named parts alone', async () => {
    const other = { ...johndoe, permissions: {} };
    const life = [
      { request: tasks },
      { at: '5m', meta: { users: [other] }, request: tasks },
      { at: '10m', meta: { credentials: null, users: [johndoe] } },
      { at: '10m', request: tasks },
    ];
    expect(await tell(life)).toEqual(['allow [/user]', 'deny 403 [/user]', 'allow [/user]']);
  });

  it('asks for the credentials that it has', async () => {
    const credentials = { username: 'admin', password: 'other' };
    expect(await tell([{ request: tasks }], { credentials })).toEqual(['deny 401 [/user] timeout']);
    expect(await tell([{ request: tasks }], { credentials: null })).toEqual(['allow [/user]']);
  });

  it('takes a bearer only where it has none', async () => {
    const env = { KAPACITOR_AUTH_META_INTERNAL_SHARED_SECRET: 's' };
    const kapacitor = { kapacitor: { config, env } };
    const [open] = await steps([{ request: tasks }], { credentials: null }, kapacitor);
    expect(open).toMatchObject({ verdict: 'allow', metaRequests: [{ auth: 'bearer' }] });
    expect(await tell([{ request: tasks }], {}, kapacitor)).toEqual(['deny 401 [/user] timeout']);
  });

  it('compares the password of any user at /authorized', async () => {
    const users = [{ name: 'ldap', ldap: true, password: 'p', permissions: { '': ['KapacitorAPI'] } }];
    const request = { ...tasks, username: 'ldap', password: 'p' };
    const life = [{ request }, { request: { ...request, password: 'x' } }, { request }];
    expect(await tell(life, { users })).toEqual([
      'allow [/user /authorized]',
      'deny 401 []',
      'allow [/user /authorized]',
    ]);
  });

  it('of a wrong LDAP password reports only the first request that reached it', async () => {
    const users = [{ name: 'ldap', ldap: true, password: 'p' }];
    expect(await tell([{ request: { ...tasks, username: 'ldap', password: 'x' } }], { users })).toEqual([
      'deny 401 [/user] timeout',
    ]);
  });

  it.each([
    ['http://127.0.0.1:8091', 'allow [/user]'],
    ['http://localhost:8091', 'allow [/user]'],
    ['http://LOCALHOST:08091', 'allow [/user]'],
    ['http://127.0.0.1:8092', 'deny 401 [] timeout'],
    ['http://other:8091', 'deny 401 [] timeout'],
    ['https://127.0.0.1:8091', 'deny 401 [] timeout'],
  ])('that listens at %s: %s', async (listen, found) => {
    expect(await tell([{ request: tasks }], { listen })).toEqual([found]);
  });

  it('may move', async () => {
    const life = [
      { request: tasks },
      { at: '5m', meta: { listen: 'http://127.0.0.1:1' }, request: tasks },
      { at: '6m', request: tasks },
      { at: '7m', meta: { listen: 'http://127.0.0.1:8091' }, request: tasks },
    ];
    expect(await tell(life)).toEqual(['allow [/user]', 'deny 401 [] timeout', 'deny 401 [] timeout', 'allow [/user]']);
  });

  it('listens on port 80 where meta-addr names none', async () => {
    const kapacitor = { kapacitor: { config, env: { KAPACITOR_AUTH_META_ADDR: 'localhost' } } };
    expect(await tell([{ request: tasks }], { listen: 'http://127.0.0.1' }, kapacitor)).toEqual(['allow [/user]']);
    expect(await tell([{ request: tasks }], { listen: 'http://127.0.0.1:8091' }, kapacitor)).toEqual([
      'deny 401 [] timeout',
    ]);
  });

  it.each([' 127.0.0.1:8091', 'http://127.0.0.1:8091', '127.0.0.1:8091:8091'])(
    'is never reached by the meta-addr %j',
    async (address) => {
      const kapacitor = { kapacitor: { config, env: { KAPACITOR_AUTH_META_ADDR: address } } };
      expect(await tell([{ request: tasks }], {}, kapacitor)).toEqual(['deny 401 [] timeout']);
    },
  );
});

describe('scripted answers', () => {
  it('come before everything else, credentials included, and end after their times', async () => {
    const meta = { credentials: { username: 'x', password: 'y' }, responses: [{ body: { users: [] }, times: 1 }] };
    expect(await tell([{ request: tasks }], meta)).toEqual(['deny 401 [/user] timeout']);
    const responses = [{ path: '/user', status: 503, times: 2 }];
    expect(await tell([{ request: tasks }], { responses })).toEqual(['allow [/user /user /user]']);
  });

  it('match a path, exactly, or any', async () => {
    expect(await tell([{ request: tasks }], { responses: [{ path: '/use', status: 500 }] })).toEqual(['allow [/user]']);
    expect(await tell([{ request: tasks }], { responses: [{ status: 500 }] })).toEqual(['deny 401 [/user] timeout']);
  });

  it('are sent as text, or as JSON', async () => {
    const text = '{"users":null} and more';
    expect(await tell([{ request: tasks }], { responses: [{ body: text }] })).toEqual(['deny 403 [/user /authorized]']);
    const body = { users: [{ name: 'johndoe', permissions: { '': ['Nope'] } }] };
    expect(await tell([{ request: tasks }], { responses: [{ body }] })).toEqual(['deny 401 [/user] timeout']);
  });

  it('redirect, each hop a request of its own to the same node', async () => {
    const headers = { Location: 'https://other:1/user?name=johndoe' };
    const responses = [{ status: 307, headers, times: 2 }];
    expect(await tell([{ request: tasks }], { responses, listen: 'https://127.0.0.1:8091' })).toEqual([
      'deny 401 [] timeout',
    ]);
    expect(
      await tell([{ request: tasks }], {
        responses: [{ status: 307, headers: { location: '/user?name=johndoe' }, times: 2 }],
      }),
    ).toEqual(['allow [/user /user /user]']);
  });

  it('redirect to another scheme than the node speaks in vain, wherever it listens', async () => {
    const responses = [{ status: 307, headers: { Location: 'https://other:1/user?name=johndoe' }, times: 5 }];
    const secure = { kapacitor: { config, env: { KAPACITOR_AUTH_META_USE_TLS: 'true' } } };
    for (const listen of [undefined, 'http://127.0.0.1:8091']) {
      expect(await tell([{ request: tasks }], { responses, listen })).toEqual(['deny 401 [/user] timeout']);
    }
    for (const listen of [undefined, 'https://127.0.0.1:8091']) {
      const found = await tell([{ request: tasks }], { responses, listen }, secure);
      expect(found).toEqual(['allow [/user /user /user /user /user /user]']);
    }
  });

  it.each([
    ['refused', 'deny 401 [] timeout'],
    ['tls', 'deny 401 [] timeout'],
    ['timeout', 'deny 401 [/user] timeout'],
  ])('of the error %s: %s', async (error, found) => {
    expect(await tell([{ request: tasks }], { responses: [{ error }] })).toEqual([found]);
  });

  it('of an error once are tried again, but of a timeout', async () => {
    expect(await tell([{ request: tasks }], { responses: [{ error: 'refused', times: 1 }] })).toEqual([
      'allow [/user]',
    ]);
    expect(await tell([{ request: tasks }], { responses: [{ error: 'timeout', times: 1 }] })).toEqual([
      'deny 401 [/user] timeout',
    ]);
  });

  it('are counted anew when they are replaced', async () => {
    const responses = [{ status: 503, times: 1 }];
    const life = [{ request: tasks }, { at: '5m', meta: { responses }, request: tasks }];
    expect(await tell(life, { responses })).toEqual(['allow [/user /user]', 'allow [/user /user]']);
  });
});

describe('a daemon that does not start', () => {
  const refused = { kapacitor: { config: '[auth]\nenabled = true\n' } };
  const message = /^create server: invalid configuration: auth: must provide a bcrypt cost >= 4, got 0/;

  it('is reported with its message and no steps', async () => {
    const result = await played({ ...refused, steps: [{ request: tasks }] });
    expect(result).toMatchObject({ starts: false, steps: [], passed: null, mismatches: [] });
    expect(result.message).toMatch(message);
  });

  it('may be expected', async () => {
    expect(await played({ ...refused, expect: { starts: false } })).toMatchObject({ passed: true });
    expect(await played({ ...refused, expect: { starts: true } })).toMatchObject({ passed: false });
    expect(await played({ expect: { starts: false, message: 'x' } })).toMatchObject({
      passed: false,
      mismatches: [{ key: 'starts' }, { key: 'message' }],
    });
  });

  it('fails a scenario whose steps expect something', async () => {
    expect(await played({ ...refused, steps: [{ request: tasks, expect: { verdict: 'deny' } }] })).toMatchObject({
      passed: false,
      mismatches: [{ key: 'starts', expected: true, actual: false }],
    });
  });

  it('lacks a certificate', async () => {
    const env = { KAPACITOR_AUTH_META_CA: '/none.pem' };
    const result = await played({ kapacitor: { config, env } });
    expect(result.message).toBe(
      'create server: could not create TLS config for connecting to meta service: Could not load TLS CA: open /none.pem: no such file or directory',
    );
  });
});

describe('whether a scenario passed', () => {
  it('is not known where nothing is expected', async () => {
    expect((await played(scenario([{ request: tasks }]))).passed).toBeNull();
    expect((await played({})).passed).toBeNull();
  });

  it('is by all its expectations', async () => {
    const right = { request: tasks, expect: { verdict: 'allow' } };
    const wrong = { request: tasks, expect: { verdict: 'deny', status: 401 } };
    expect((await played(scenario([right, { request: tasks }]))).passed).toBe(true);
    const failed = await played(scenario([right, wrong]));
    expect(failed.passed).toBe(false);
    expect(failed.steps[1]?.mismatches.map(({ key }) => key)).toEqual(['verdict', 'status']);
  });
});

async function verdicts(passwords: readonly string[], user: object): Promise<readonly string[]> {
  const steps = passwords.map((password, i) => ({ at: `${i * 10}m`, request: { ...tasks, password } }));
  const played: PlayedScenario = await playScenario(
    await read(scenario(steps, { users: [user] })),
    createPlayTools({ files, clock: systemClock }),
  );
  return played.steps.map(({ verdict }) => verdict);
}

const long = 'x'.repeat(72);

describe('the hashes of a player', () => {
  it.each([
    { kind: 'of a password', of: (password: string) => ({ ...johndoe, password }) },
    {
      kind: 'given in the scenario',
      of: (password: string) => ({
        name: 'johndoe',
        hash: bcrypt.hashSync(password, 4),
        permissions: johndoe.permissions,
      }),
    },
  ])('$kind: fit what bcrypt takes for the same, and nothing else', async ({ of }) => {
    expect(await verdicts(['right', 'wrong', '', 'right'], of('right'))).toEqual(['allow', 'deny', 'deny', 'allow']);
    expect(await verdicts([`${long}tail`, long, long.slice(1)], of(long))).toEqual(['allow', 'allow', 'deny']);
    expect(await verdicts(['a\0a', 'a'], of('a'))).toEqual(['allow', 'allow']);
  });
});
