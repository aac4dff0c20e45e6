import { describe, expect, it } from 'vitest';
import { evaluateRequest, type LiveMeta, worstEnd } from '../../src/auth-test/live-meta-node.js';
import { findVerdict } from '../../src/auth-engine/trace.js';
import type { MetaResult } from '../../src/auth-engine/effects.js';
import { answer, basic, digestOf, hashOf, minute, settings, startMs } from '../auth-engine/engine.js';

const document = answer(200, { users: [{ name: 'a', hash: hashOf('b'), permissions: { '': ['KapacitorAPI'] } }] });

function tools(reply: MetaResult, failure: ReturnType<LiveMeta['failure']> = undefined) {
  const meta: LiveMeta = { request: () => Promise.resolve(reply), failure: () => failure, mask: String };
  return {
    meta,
    bcrypt: (request: Parameters<typeof digestOf>[0]) => Promise.resolve(digestOf(request)),
    startedAt: startMs,
    clock: { now: () => 0 },
  };
}

const request = (password = 'b', target = '/kapacitor/v1/tasks') =>
  ({ method: 'GET', target, headers: [['Authorization', basic('a', password)]] }) as const;

async function end(...args: Parameters<typeof tools>): Promise<string | undefined> {
  return (await evaluateRequest(settings(), request(), [0], tools(...args)))[0]?.end;
}

describe('judge', () => {
  it('runs all moments through one life of a daemon', async () => {
    const judged = await evaluateRequest(settings(), request(), [0, minute, 5 * minute], tools(document));
    expect(judged.map(({ trace }) => trace.some((step) => step.kind === 'lookup'))).toEqual([true, false, true]);
    expect(judged.every(({ trace }) => findVerdict(trace).verdict === 'allow')).toBe(true);
  });

  it('ends done where allowed, no where refused', async () => {
    const requests = [request(), request('x'), request('b', '/kapacitor/v1/config'), request('b', '/a//b')];
    const judged = await Promise.all(requests.map((one) => evaluateRequest(settings(), one, [0], tools(document))));
    expect(judged.flat().map((one) => one.end)).toEqual(['done', 'no', 'no', 'no']);
  });

  it('ends no where the meta node said no to Kapacitor: that is the answer', async () => {
    expect(await end(answer(401, { error: 'authorization failed' }))).toBe('no');
    expect(await end(answer(404, { error: 'user not found' }))).toBe('no');
  });

  it('ends by what kept the answer from being known', async () => {
    expect(await end({ error: 'refused', text: '' }, 'unreachable')).toBe('unreachable');
    expect(await end(answer(500), 'server')).toBe('server');
    expect(await end(answer(200, '<html>'))).toBe('server');
  });
});

describe('several ends', () => {
  it.each([
    [[], 'done'],
    [['done', 'done'], 'done'],
    [['no', 'done'], 'no'],
    [['unreachable', 'no'], 'unreachable'],
    [['no', 'server', 'unreachable'], 'server'],
  ] as const)('%j end as %s: the highest code', (ends, expected) => {
    expect(worstEnd(ends)).toBe(expected);
  });
});
