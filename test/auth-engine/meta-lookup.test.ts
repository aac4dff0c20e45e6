import { describe, expect, it } from 'vitest';
import type { DaemonSettings } from '../../src/auth-engine/daemon-state.js';
import { lookup, lookupTimeout, type MetaLookup } from '../../src/auth-engine/meta-lookup.js';
import type { LookupStep } from '../../src/auth-engine/trace.js';
import type { MetaResult, MetaRequestEffect } from '../../src/auth-engine/effects.js';
import { verifyToken } from '../../src/auth-engine/jwt.js';
import { Secret } from '../../src/model/secret.js';
import { answer, basic, drive, type Node, settings, startSeconds } from './engine.js';

const refused: MetaResult = { error: 'refused', text: 'dial tcp: connect: connection refused' };

interface Looked {
  readonly step: LookupStep;
  readonly asked: readonly MetaRequestEffect[];
}

function look(node: Node, parts: Partial<DaemonSettings> = {}, question: Partial<MetaLookup> = {}): Looked {
  const asked: MetaRequestEffect[] = [];
  const whole: MetaLookup = {
    purpose: 'user',
    user: 'a b',
    path: '/user',
    query: [['name', 'a b']],
    accept: () => undefined,
    ...question,
  };
  const step = drive(lookup(settings(parts), whole, startSeconds), (request) => {
    asked.push(request);
    return node(request);
  });
  return { step, asked };
}

/** A node that gives these answers one after the other. */
function inTurn(...answers: readonly MetaResult[]): Node {
  let i = 0;
  return () => answers[Math.min(i++, answers.length - 1)]!;
}

const ok = answer(200, '{}');

describe('the request', () => {
  it('is a GET of the path at meta-addr', () => {
    const [request] = look(inTurn(ok)).asked;
    expect(request).toMatchObject({
      method: 'GET',
      url: 'http://127.0.0.1:8091/user?name=a+b',
      scheme: 'http',
      host: '127.0.0.1:8091',
      path: '/user',
      query: [['name', 'a b']],
      attempt: 1,
      redirects: 0,
      after: 0,
    });
  });

  it('uses https if meta-use-tls says so', () => {
    const [request] = look(inTurn(ok), { metaUseTls: true }).asked;
    expect(request).toMatchObject({ url: 'https://127.0.0.1:8091/user?name=a+b', scheme: 'https' });
  });

  it.each([
    ['localhost:8091', 'localhost:8091'],
    [':8091', ':8091'],
    ['[::1]:8091', '[::1]:8091'],
    ['meta', 'meta'],
    ['meta:', 'meta'],
    ['::1:8091', '::1:8091'],
    ['h%41:8091', 'h%41:8091'],
  ])('goes to meta-addr %j as it stands', (metaAddr, host) => {
    expect(look(inTurn(ok), { metaAddr }).asked[0]?.host).toBe(host);
  });

  it.each([
    ' meta:8091',
    'http://meta:8091',
    'meta:8091/x',
    'meta:x',
    'me ta:8091',
    'meta:8091?x',
    '[::1:8091',
    'a:b:8091',
    '127.0.0.1:8091:8091',
    '::1',
    ':',
  ])('never leaves for meta-addr %j: all five tries fail', (metaAddr) => {
    const { step, asked } = look(inTurn(ok), { metaAddr });
    expect(asked).toEqual([]);
    expect(step).toMatchObject({ outcome: 'fail', cause: 'bad-address', attempts: 5, timedOut: true, requests: [] });
  });
});

describe("Kapacitor's own credentials", () => {
  it('are a bearer token of meta-internal-shared-secret before anything else', () => {
    const [request] = look(inTurn(ok), { metaSecret: 'internal' }).asked;
    expect(request?.auth).toBe('bearer');
    const token = request?.authorization?.slice('Bearer '.length) ?? '';
    expect(verifyToken(token, 'internal', startSeconds)).toMatchObject({
      check: 9,
      message: 'token must contain a username',
    });
    expect(verifyToken(token, 'internal', startSeconds + 299)).toMatchObject({ check: 9 });
    expect(verifyToken(token, 'internal', startSeconds + 300)).toMatchObject({ check: 7 });
  });

  it('are Basic where meta-username is set, the password empty or not', () => {
    expect(look(inTurn(ok)).asked[0]).toMatchObject({ auth: 'basic', authorization: basic('admin', 'changeit') });
    expect(look(inTurn(ok), { metaPassword: '' }).asked[0]?.authorization).toBe(basic('admin', ''));
  });

  it('are none where there is only a password', () => {
    const { asked, step } = look(inTurn(ok), { metaUsername: '' });
    expect(asked[0]).toMatchObject({ auth: 'none', authorization: undefined });
    expect(step.requests[0]?.auth).toBe('none');
  });
});

describe('an attempt', () => {
  it('succeeds with 200 and a body that is taken', () => {
    const { step, asked } = look(inTurn(ok));
    expect(step).toMatchObject({ outcome: 'pass', attempts: 1, timedOut: false, error: undefined, cause: undefined });
    expect(asked).toHaveLength(1);
  });

  it.each([
    [201, 'status'],
    [204, 'status'],
    [300, 'status'],
    [304, 'status'],
    [305, 'status'],
    [306, 'status'],
    [400, 'status'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [429, 'status'],
    [500, 'status'],
    [503, 'status'],
  ])('fails with %i', (status, cause) => {
    const { step, asked } = look(inTurn(answer(status, { error: 'why' })));
    expect(asked).toHaveLength(5);
    expect(step).toMatchObject({ outcome: 'fail', cause, attempts: 5, timedOut: true });
    expect(step.error).toBe(status === 204 || status === 304 ? '' : 'why');
  });

  it('fails with 200 and a body that is not taken', () => {
    const fault = { cause: 'undecodable', error: 'invalid permission: Nope' } as const;
    const { step, asked } = look(inTurn(ok), {}, { accept: () => fault });
    expect(asked).toHaveLength(5);
    expect(step).toMatchObject({ outcome: 'fail', ...fault });
  });

  it('distinguishes a node without a leader from other faults', () => {
    expect(look(inTurn(answer(503, { error: 'no leader' }))).step.cause).toBe('no-leader');
    expect(look(inTurn(answer(500, { error: 'no leader' }))).step.cause).toBe('status');
    const plain = answer(400, 'Client sent an HTTP request to an HTTPS server.\n');
    expect(look(inTurn(plain)).step.cause).toBe('tls');
  });

  it.each(['refused', 'tls', 'unusable'] as const)('fails where nothing is reached: %s', (error) => {
    const { step, asked } = look(inTurn({ error, text: 'why' }));
    expect(asked).toHaveLength(5);
    expect(step.cause).toBe(error === 'unusable' ? 'bad-address' : error);
    expect(step.error).toBe('Get "http://127.0.0.1:8091/user?name=a+b": why');
    expect(step.requests.every((request) => !request.reached)).toBe(true);
  });
});

describe('the tries', () => {
  it('are five: at 0, 0.02, 0.42, 3.75 and 7.08 s', () => {
    const { asked } = look(inTurn(refused));
    expect(asked.map(({ attempt, redirects }) => [attempt, redirects])).toEqual([1, 2, 3, 4, 5].map((n) => [n, 0]));
    expect(asked.map(({ after }) => Math.floor(after / 1e7))).toEqual([0, 2, 42, 375, 708]);
    expect(lookupTimeout).toBe(10e9);
  });

  it('end with the first that succeeds', () => {
    const { step, asked } = look(inTurn(refused, answer(503), ok));
    expect(asked).toHaveLength(3);
    expect(step).toMatchObject({ outcome: 'pass', attempts: 3, timedOut: false });
  });

  it('succeed at the fifth, too', () => {
    expect(look(inTurn(refused, refused, refused, refused, ok)).step.outcome).toBe('pass');
  });

  it('tell the fault of the last', () => {
    const { step } = look(inTurn(refused, answer(500, { error: 'a' }), answer(404, { error: 'user not found' })));
    expect(step).toMatchObject({ cause: 'not-found', error: 'user not found' });
  });

  it('are one where an answer never comes', () => {
    const { step, asked } = look(inTurn({ error: 'timeout', text: 'i/o timeout' }, ok));
    expect(asked).toHaveLength(1);
    expect(step).toMatchObject({ outcome: 'fail', cause: 'timeout', attempts: 1, timedOut: true });
    expect(step.requests[0]?.reached).toBe(true);
  });

  it('are as many as the driver makes where it gives up before', () => {
    const { step, asked } = look(inTurn(refused, { ...refused, last: true }));
    expect(asked).toHaveLength(2);
    expect(step).toMatchObject({ outcome: 'fail', attempts: 2, timedOut: true });
  });
});

describe('redirects', () => {
  it.each([301, 302, 303, 307, 308])('%i is followed with the credentials kept, to any host', (status) => {
    const { step, asked } = look(inTurn(answer(status, '', 'https://other:1/x?y=z'), ok));
    expect(step).toMatchObject({ outcome: 'pass', attempts: 1 });
    expect(asked[1]).toMatchObject({
      url: 'https://other:1/x?y=z',
      scheme: 'https',
      host: 'other:1',
      path: '/x',
      query: [['y', 'z']],
      attempt: 1,
      redirects: 1,
      authorization: basic('admin', 'changeit'),
    });
    expect(step.requests[0]).toMatchObject({ status, location: 'https://other:1/x?y=z' });
  });

  it.each([300, 304, 305, 306])('%i is an answer that fails', (status) => {
    expect(look(inTurn(answer(status, '', 'http://other/'))).asked.map(({ redirects }) => redirects)).toEqual([
      0, 0, 0, 0, 0,
    ]);
  });

  it('may be relative', () => {
    const { asked } = look(inTurn(answer(307, '', '/leader?name=x'), answer(302, '', '../z'), ok));
    expect(asked.map(({ url }) => url).slice(1)).toEqual([
      'http://127.0.0.1:8091/leader?name=x',
      'http://127.0.0.1:8091/z',
    ]);
  });

  it('make at most ten requests in an attempt', () => {
    const { step, asked } = look(inTurn(answer(307, '', '/again')));
    expect(asked).toHaveLength(50);
    expect(asked.map(({ redirects }) => redirects).slice(8, 11)).toEqual([8, 9, 0]);
    expect(step).toMatchObject({ outcome: 'fail', cause: 'redirects', attempts: 5 });
    expect(step.error).toContain('too many redirects');
  });

  it('of nine end well', () => {
    const nine = Array.from({ length: 9 }, () => answer(307, '', '/again'));
    expect(look(inTurn(...nine, ok)).step).toMatchObject({ outcome: 'pass', attempts: 1 });
    const ten = [...nine, answer(307, '', '/again')];
    expect(look(inTurn(...ten, ok)).step).toMatchObject({ outcome: 'pass', attempts: 2 });
  });

  it('without a Location are answers; a 307 fails for want of a URL', () => {
    expect(look(inTurn(answer(302, { error: 'x' }))).step).toMatchObject({ cause: 'status', error: 'x' });
    expect(look(inTurn(answer(307))).step).toMatchObject({ cause: 'redirects', error: expect.stringContaining('""') });
  });

  it.each(['ftp://other/', 'http://', '%zz', 'http://h:x/', 'mailto:x'])('to %j fail', (location) => {
    const { step, asked } = look(inTurn(answer(307, '', location)));
    expect(asked).toHaveLength(5);
    expect(step.cause).toBe('redirects');
  });

  it('lend the credentials in a URL to a Kapacitor that has none of its own', () => {
    const node = inTurn(answer(302, '', 'http://u:p@other:1/'), ok);
    expect(look(node, { metaUsername: '' }).asked[1]).toMatchObject({ auth: 'basic', authorization: basic('u', 'p') });
    const again = inTurn(answer(302, '', 'http://u:p@other:1/'), ok);
    expect(look(again).asked[1]?.authorization).toBe(basic('admin', 'changeit'));
  });
});

describe('what is reported of a request', () => {
  it('keeps the password of LDAP a secret', () => {
    const query = [
      ['name', 'a'],
      ['password', 's3cret&'],
    ] as const;
    const { step, asked } = look(inTurn(ok), {}, { purpose: 'ldap', path: '/authorized', query });
    expect(asked[0]?.url).toBe('http://127.0.0.1:8091/authorized?name=a&password=s3cret%26');
    const [fact] = step.requests;
    expect(fact?.url).toBe('http://127.0.0.1:8091/authorized?name=a&password=***');
    expect(fact?.query['password']).toBeInstanceOf(Secret);
    expect(JSON.stringify(step)).not.toContain('s3cret');
  });

  it('holds status, time and place in the chain', () => {
    const { step } = look(inTurn({ ...answer(503, { error: 'x' }), ms: 7 }, ok));
    expect(step.requests[0]).toMatchObject({
      attempt: 1,
      redirects: 0,
      reached: true,
      status: 503,
      ms: 7,
      auth: 'basic',
    });
    expect(step.requests[1]).toMatchObject({ attempt: 2, status: 200 });
  });
});
