import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../src/auth-engine/request.js';
import { toBinary } from '../../src/go-compat/utf8.js';
import { handleRequest } from '../../src/auth-engine/handle.js';
import { type DaemonSettings, startDaemon } from '../../src/auth-engine/daemon-state.js';
import { findVerdict } from '../../src/auth-engine/trace.js';
import { defaultVersion, type KapacitorVersion, knownVersions } from '../../src/model/kapacitor-versions.js';
import { explainTrace } from '../../src/diagnostics/login/explain.js';
import { parseScenario } from '../../src/scenario/load.js';
import { playScenario, type PlayedScenario } from '../../src/scenario/play.js';
import type { RecordedSession } from '../../src/scenario/replace-secrets.js';
import { recordScenario } from '../../src/scenario/record.js';
import {
  answer,
  basic,
  drive,
  hashOf,
  hour,
  minute,
  type Node,
  nodeOf,
  settings,
  startMs,
  startSeconds,
  token,
} from '../auth-engine/engine.js';
import { type Case, cases, users } from '../diagnostics/login/causes.js';
import { tools } from './player.js';

/** As the live login does: the first failure counts for all tries. */
function failFast(node: Node): Node {
  return (request) => ({ ...node(request), last: true });
}

interface Lived {
  readonly request: HttpRequest;
  readonly node: Node;
  readonly settings?: Partial<DaemonSettings>;
  readonly version?: KapacitorVersion;
  readonly at?: readonly number[];
}

function live({ request, node, settings: parts, version = defaultVersion, at = [0] }: Lived): RecordedSession {
  const daemon = startDaemon(settings(parts), startMs, version);
  const moments = at.map((now) => ({ now, trace: drive(handleRequest(daemon, request, now), node) }));
  return { settings: daemon.settings, version, startedAt: startMs, request, timePoints: moments };
}

async function replay(value: unknown): Promise<PlayedScenario> {
  return playScenario(
    await parseScenario(JSON.parse(JSON.stringify(value)), 'x', () => Promise.reject(new Error('no file'))),
    tools,
  );
}

function wire({
  method = 'GET',
  path = '/kapacitor/v1/tasks',
  user,
  password = '',
  ...rest
}: Case['request']): HttpRequest {
  const { headers = [], authorization = user === undefined ? undefined : basic(user, password) } = rest;
  const all = authorization === undefined ? headers : [...headers, ['Authorization', authorization] as const];
  return { method, target: toBinary(path), headers: all };
}

/** Not those of a filled cache, which a new daemon does not have, nor of an address that only this machine cannot dial. */
const recordable = Object.entries(cases).flatMap(([cause, list]) =>
  list
    .filter(({ before, name }) => before === undefined && name !== 'that cannot be dialled from here')
    .map((one) => [cause, one.name, one] as const),
);

describe('a login of each cause', () => {
  it.each(recordable)('is recorded and replayed: %s (%s)', async (cause, _, one) => {
    for (const kind of ['like Kapacitor', 'fail fast']) {
      const node = one.node ?? nodeOf(users);
      const session = live({
        request: wire(one.request),
        node: kind === 'fail fast' ? failFast(node) : node,
        ...(one.settings === undefined ? {} : { settings: one.settings }),
      });
      const played = await replay(await recordScenario('recorded', session, tools));
      expect(played).toMatchObject({ name: 'recorded', starts: true, passed: true });
      const [step] = played.steps;
      const wanted = findVerdict(session.timePoints[0]!.trace);
      expect([step?.verdict, step?.status]).toEqual([wanted.verdict, wanted.status]);
      const around = {
        settings: session.settings,
        conf: undefined,
        isAssumed: one.isAssumed === true,
        roles: one.roles,
        at: startMs,
      };
      expect(explainTrace(step?.trace ?? [], around).cause).toBe(cause);
    }
  });

  it('of which there are enough', () => {
    expect(new Set(recordable.map(([cause]) => cause)).size).toBe(Object.keys(cases).length - 1);
  });
});

describe('a recorded scenario', () => {
  const johndoe = {
    method: 'GET',
    target: '/kapacitor/v1/tasks',
    headers: [['Authorization', basic('johndoe', 'right')]],
  } as const;

  it('holds the request at all its moments, a node with the user, and what came of it', async () => {
    const at = [0, minute, 11 * minute, 2 * hour];
    const session = live({ request: johndoe, node: nodeOf(users), at });
    const value = await recordScenario('tasks', session, tools);
    const hash: unknown = expect.stringMatching(/^\$2a\$04\$abcdefghijklmnopqrstuu/);
    const body = { users: [{ name: 'johndoe', hash, permissions: { '': ['KapacitorAPI'] } }] };
    expect(value).toEqual({
      name: 'tasks',
      version: '1.8',
      start: '2026-01-01T00:00:00.000Z',
      kapacitor: {
        config: [
          '[http]',
          '  auth-enabled = true',
          '[auth]',
          '  enabled = true',
          '  cache-expiration = "5m0s"',
          '  bcrypt-cost = 4',
          '  meta-addr = "127.0.0.1:8091"',
          '  meta-username = "kapacitor"',
          '  meta-password = "placeholder"',
          '',
        ].join('\n'),
      },
      steps: ['0s', '1m0s', '11m0s', '2h0m0s'].map((moment, i) => ({
        at: moment,
        ...(i === 1 ? {} : { meta: { responses: [{ path: '/user', body, times: 1 }] } }),
        request: { method: 'GET', path: '/kapacitor/v1/tasks', username: 'johndoe', password: 'right-password' },
        expect: { verdict: 'allow', status: null, message: null, location: null },
      })),
    });
    expect((await replay(value)).passed).toBe(true);
  });

  it.each(['$2b$', '$2y$', '$2$', '$1x$'])('keeps the kind of the hash: %s', async (prefix) => {
    const node = nodeOf({ johndoe: { hash: hashOf('right', prefix, 12), permissions: { '': ['KapacitorAPI'] } } });
    const value = await recordScenario('x', live({ request: johndoe, node }), tools);
    expect(JSON.stringify(value)).toContain(`"hash":"${prefix}04$`);
  });

  it('keeps redirects and answers that changed from try to try', async () => {
    let count = 0;
    const inTurn: Node = () => {
      count += 1;
      if (count === 1) return answer(503, { error: 'x' });
      if (count === 2) return answer(307, '', 'https://admin:s3cret@leader:8091/user?name=johndoe');
      return answer(200, {
        users: [{ name: 'johndoe', hash: hashOf('right'), permissions: { '': ['KapacitorAPI'] } }],
      });
    };
    const value = await recordScenario('x', live({ request: johndoe, node: inTurn }), tools);
    const played = await replay(value);
    expect(played.steps[0]).toMatchObject({ verdict: 'allow', metaRequests: [{ path: '/user' }, {}, {}] });
    expect(JSON.stringify(value)).not.toContain('s3cret');
  });

  it('holds a token with the same claims, signed with a secret of its own', async () => {
    const claims = { username: 'johndoe', exp: startSeconds + 90 };
    const headers = [['Authorization', `Bearer ${token(claims, 'real-secret', { alg: 'HS384' })}`]] as const;
    const session = live({
      request: { method: 'GET', target: '/kapacitor/v1/tasks', headers },
      node: nodeOf(users),
      settings: { sharedSecret: 'real-secret' },
      at: [0, minute, 2 * minute],
    });
    const value = await recordScenario('x', session, tools);
    const played = await replay(value);
    expect(played.steps.map(({ message }) => message)).toEqual([null, null, 'invalid token: Token is expired']);
    expect(JSON.stringify(value)).toContain('shared-secret = \\"placeholder-shared-secret\\"');
  });

  it('keeps the message of a token that is refused for its claims', async () => {
    for (const [claims, message] of [
      [{ username: 'johndoe', exp: startSeconds - 1 }, 'invalid token: Token is expired'],
      [{ username: 'johndoe' }, 'token expiration required'],
      [{ exp: startSeconds + 9 }, 'username in token must be a string'],
    ] as const) {
      const headers = [['Authorization', `Bearer ${token(claims, 'real-secret')}`]] as const;
      const request = { method: 'GET', target: '/kapacitor/v1/tasks', headers } as const;
      const session = live({ request, node: nodeOf(users), settings: { sharedSecret: 'real-secret' } });
      const value = await recordScenario('x', session, tools);
      expect(value).toMatchObject({ steps: [{ expect: { status: 401, message } }] });
    }
  });

  it('is one of the release that was predicted', async () => {
    const headers = [['Authorization', 'Bearer SECRET words']] as const;
    const request = { method: 'GET', target: '/kapacitor/v1/tasks?u=johndoe&p=right', headers } as const;
    const version = knownVersions[0]!;
    const value = await recordScenario('x', live({ request, node: nodeOf(users), version }), tools);
    const played = await replay(value);
    expect([played.version, played.passed, played.steps[0]?.verdict]).toEqual(['1.6.0', true, 'allow']);
    expect(JSON.stringify(value)).not.toContain('SECRET');
  });

  it.each([
    [{ status: 401, message: 'authorization failed', location: null }, 'deny'],
    [{ status: 403, message: 'user johndoe does not …', location: null }, 'deny'],
    [{ status: 302, message: null, location: 'http://proxy/login' }, 'redirect'],
    [{ status: 502, message: 'Bad Gateway', location: null }, undefined],
  ] as const)(
    'verdict 33: expects what Kapacitor responded, so that the replay fails: %o',
    async (observed, verdict) => {
      const value = await recordScenario('x', { ...live({ request: johndoe, node: nodeOf(users) }), observed }, tools);
      const played = await replay(value);
      expect(played.passed).toBe(false);
      expect(value).toMatchObject({ steps: [{ expect: { status: observed.status } }] });
      expect((value as { steps: { expect: { verdict?: string } }[] }).steps[0]?.expect.verdict).toBe(verdict);
    },
  );

  it('keeps a name that is no UTF-8, and one that needs escapes in TOML', async () => {
    const name = '\u00ff:'.slice(0, 1);
    const headers = [['Authorization', `Basic ${Buffer.from(`${name}:right`, 'latin1').toString('base64')}`]] as const;
    const request = { method: 'GET', target: '/', headers } as const;
    const session = live({ request, node: nodeOf({}), settings: { metaAddr: 'a"\\b:1' } });
    expect((await replay(await recordScenario('x', session, tools))).passed).toBe(true);
  });
});

describe('no secret', () => {
  const secrets = {
    sharedSecret: 'SECRET-shared',
    metaPassword: 'SECRET-account',
    metaSecret: 'SECRET-internal',
    metaUsername: 'SECRET-name',
  };
  const password = 'SECRET-password';
  const bearer = `Bearer ${token({ username: 'a', exp: 9e9 }, 'SECRET-shared')}`;
  const foreign = `Bearer ${token({ username: 'a' }, 'SECRET', { alg: 'RS256' })}`;
  const headers: readonly (readonly [string, string])[] = [
    ['Authorization', basic('a', password)],
    ['Authorization', `Basic ${password}`],
    ['Authorization', `Basic ${Buffer.from(password).toString('base64')}`],
    ['Authorization', `Token ${password}`],
    ['Authorization', `Bearer ${password}`],
    ['Authorization', `Bearer ${password}.${password}.${password}`],
    ['Authorization', `Bearer bearer ${password}.b.c`],
    ['Authorization', bearer],
    ['Authorization', foreign],
    ['Authorization', basic('~subscriber', password)],
    ['Authorization', basic('~subscriber', `${password} `)],
    ['Authorization', basic('', password)],
    ['Cookie', password],
    ['X Y', password],
  ];
  const hash = hashOf(password);
  const nodes: readonly Node[] = [
    () => answer(200, { users: [{ name: 'a', hash, permissions: {} }] }),
    () => answer(200, { users: [{ name: 'a', hash, permissions: { '': ['Nope'] } }] }),
    () => answer(200, { users: [{ name: 5, hash }] }),
    () => answer(200, `{"hash":"${hash}"`),
    () => answer(200, { users: [{ hash }, { hash }] }),
    (request) => (request.path === '/user' ? answer(200, { users: [{ name: 'a' }] }) : answer(401)),
    (request) =>
      request.path === '/user'
        ? answer(200, { users: [{ name: 'a' }] })
        : answer(
            request.redirects > 2 ? 200 : 307,
            '',
            `http://SECRET-u:SECRET-p@x/authorized?name=a&password=${password}`,
          ),
  ];
  const targets = ['/kapacitor/v1/tasks', `/write?u=a&p=${password}&db=x`, `/?%75=a&%70=${password}`];

  it.each([
    `/tasks?u=a;p=${password}`,
    `/tasks?u=a&p=x;${password}`,
    `/tasks?U=a&P=${password}`,
    `/tasks?db=x?u=a&%70=${password}`,
    `/tasks?token=${password}&password=${password}`,
  ])('attack new-query-password: of a query is in the file, and the recording ends the same: %s', async (target) => {
    const session = live({ request: { method: 'GET', target, headers: [] }, node: nodes[0]!, settings: secrets });
    expect(JSON.stringify(await recordScenario('x', session, tools))).not.toContain('SECRET');
  });

  it.each(headers)('of a request is in the file: %s %s', async (name, value) => {
    for (const node of nodes) {
      for (const target of targets) {
        const request = { method: 'POST', target, headers: [[name, value]] } as const;
        for (const settingsOf of [secrets, { ...secrets, metaSecret: '' }, { ...secrets, users: 'noauth' as const }]) {
          const session = live({ request, node, settings: settingsOf });
          const text = JSON.stringify(await recordScenario('x', session, tools));
          expect(text).not.toContain('SECRET');
          expect(text).not.toContain(hash);
          const sent = value.split(' ').at(-1) ?? '';
          const [, , signature = sent] = sent.split('.');
          if (name === 'Authorization' && signature !== 'c') expect(text).not.toContain(signature);
        }
      }
    }
  });
});
