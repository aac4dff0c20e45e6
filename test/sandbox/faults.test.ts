import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InjectedFault, parseFaults, pickFault } from '../../src/sandbox/faults.js';
import { admin, usersIn } from './meta-node/ask.js';
import { failure, overHttp } from './meta-node/over-http.js';
import { sandbox } from './running.js';

const all = parseFaults('reset=0.2,503=0.1,truncate=0.1,garbage=0.1');

function count(seed: number, requests: number): Map<InjectedFault | undefined, number> {
  const counts = new Map<InjectedFault | undefined, number>();
  for (let n = 0; n < requests; n++) {
    const fault = pickFault(all, seed, n);
    counts.set(fault, (counts.get(fault) ?? 0) + 1);
  }
  return counts;
}

describe('faults on demand', () => {
  it('are read from one text', () => {
    expect(parseFaults('reset=0.1, 503=.2,delay=200ms,truncate=0.05,garbage=0')).toEqual({
      reset: 0.1,
      unavailable: 0.2,
      delay: 200,
      truncate: 0.05,
      garbage: 0,
    });
  });

  it.each([
    ['rest=0.1', 'unknown fault "rest"', 'Did you mean "reset"?'],
    ['', 'unknown fault ""', 'Known: reset, 503, truncate, garbage, delay'],
    ['reset', 'fault reset: "" is not a number from 0 to 1', undefined],
    ['reset=1.5', 'fault reset: "1.5" is not a number from 0 to 1', undefined],
    ['503=-1', 'fault 503: "-1" is not a number from 0 to 1', undefined],
    ['delay=200', 'fault delay: "200" is not a duration', expect.stringContaining('500ms')],
    ['reset=0.75,503=0.5', 'the fault rates add up to 1.25; the maximum is 1', undefined],
  ])('%j is refused with a word', (text, message, hint) => {
    expect(() => parseFaults(text)).toThrow(expect.objectContaining({ kind: 'usage', message, hint }));
  });

  it('are the same for the same seed, request by request', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), (seed, n) => {
        expect(pickFault(all, seed, n)).toBe(pickFault(all, seed, n));
      }),
    );
    expect(count(1, 500)).toEqual(count(1, 500));
    const list = (seed: number): unknown[] => Array.from({ length: 100 }, (_, n) => pickFault(all, seed, n));
    expect(list(1)).not.toEqual(list(2));
  });

  it('come about as often as asked for, resets on both sides of the write', () => {
    const counts = count(42, 10_000);
    for (const [fault, share] of [
      ['reset-before', 0.1],
      ['reset-after', 0.1],
      ['unavailable', 0.1],
      ['truncate', 0.1],
      ['garbage', 0.1],
      [undefined, 0.5],
    ] as const) {
      expect(Math.abs((counts.get(fault) ?? 0) / 10_000 - share)).toBeLessThan(0.02);
    }
  });

  it('never come where their share is 0, always where it is 1', () => {
    for (let n = 0; n < 1000; n++) {
      expect(pickFault(parseFaults('reset=0'), 7, n)).toBeUndefined();
      expect(pickFault(parseFaults('503=1'), 7, n)).toBe('unavailable');
    }
  });
});

describe('a node with faults', () => {
  const create = (name: string): { as: string; body: object } => ({
    ...admin,
    body: { action: 'create', user: { name, password: 'x' } },
  });

  /** Creates users one after the other; for each, how the request ended and what a sound request finds then. */
  async function endings(text: string, requests: number): Promise<{ end: string; created: boolean }[]> {
    const plan = parseFaults(text);
    const { url } = await sandbox({ faults: { plan, seed: 3 } });
    const ends: string[] = [];
    for (let i = 0; i < requests; i++) {
      const attempt = overHttp(url, 'POST /user', create(`u${i}`));
      ends.push((await failure(attempt)) ?? `${(await attempt).status} ${(await attempt).body}`);
    }
    let users: string[] | undefined;
    for (let i = 0; i < 100 && users === undefined; i++) {
      const found = await overHttp(url, 'GET /user').catch(() => undefined);
      if (found?.status === 200 && found.body.startsWith('{')) users = usersIn(found.body).map(({ name }) => name);
    }
    return ends.map((end, i) => ({ end, created: users?.includes(`u${i}`) === true }));
  }

  it('resets connections before a write is applied, and after it', async () => {
    const all = await endings('reset=0.9', 24);
    const cut = all.filter(({ end }) => end !== '200 ');
    expect(new Set(cut.map(({ end }) => end))).toEqual(new Set(['ECONNRESET']));
    expect(new Set(cut.map(({ created }) => created))).toEqual(new Set([true, false]));
    expect(all.filter(({ end }) => end === '200 ').every(({ created }) => created)).toBe(true);
  });

  it('answers 503 without applying the write', async () => {
    for (const { end, created } of await endings('503=0.8', 12)) {
      expect(created).toBe(end === '200 ');
      expect(['200 ', '503 {"error":"service unavailable"}']).toContain(end);
    }
  });

  it('cuts answers after the write was applied', async () => {
    const all = await endings('truncate=0.8', 12);
    expect(all.every(({ created }) => created)).toBe(true);
    const broken = all.filter(({ end }) => end !== '200 ').map(({ end }) => end);
    expect(broken.length).toBeGreaterThan(0);
    expect(broken.every((end) => /^(ECONNRESET|HPE_)/.test(end))).toBe(true);
  });

  it('sends garbage after the write was applied, inside HTTP and in its place', async () => {
    const all = await endings('garbage=0.8', 16);
    expect(all.every(({ created }) => created)).toBe(true);
    const ends = new Set(all.map(({ end }) => end));
    expect([...ends].some((end) => end.startsWith('HPE_'))).toBe(true);
    expect([...ends].some((end) => end.startsWith('200 <html>'))).toBe(true);
  });

  it('answers late', async () => {
    const { url } = await sandbox({ faults: { plan: parseFaults('delay=30ms'), seed: 1 } });
    const start = performance.now();
    expect((await overHttp(url, 'GET /ping')).status).toBe(204);
    expect(performance.now() - start).toBeGreaterThan(25);
  });
});
