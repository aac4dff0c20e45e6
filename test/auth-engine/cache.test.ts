import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCache } from '../../src/auth-engine/daemon.js';

describe('a cache', () => {
  it('holds an entry from when it was stored until just before its time is up', () => {
    const cache = createCache<string>(100);
    expect(cache.set('a', 'x', 10)).toEqual({ value: 'x', storedAt: 10, expires: 110 });
    expect(cache.get('a', 10)?.value).toBe('x');
    expect(cache.get('a', 109)?.value).toBe('x');
    expect(cache.get('a', 110)).toBeUndefined();
  });

  it('does not prolong an entry that is used', () => {
    const cache = createCache<string>(100);
    cache.set('a', 'x', 0);
    for (let now = 0; now < 100; now += 10) expect(cache.get('a', now)?.expires).toBe(100);
    expect(cache.get('a', 100)).toBeUndefined();
  });

  it('forgets an expired entry for good', () => {
    const cache = createCache<string>(100);
    cache.set('a', 'x', 0);
    cache.get('a', 100);
    expect(cache.size).toBe(0);
  });

  it('starts anew when an entry is stored again', () => {
    const cache = createCache<string>(100);
    cache.set('a', 'x', 0);
    cache.set('a', 'y', 50);
    expect(cache.get('a', 149)).toEqual({ value: 'y', storedAt: 50, expires: 150 });
  });

  it('forgets what is deleted, and nothing else', () => {
    const cache = createCache<string>(100);
    cache.set('a', 'x', 0);
    cache.set('b', 'y', 0);
    cache.delete('a');
    cache.delete('c');
    expect(cache.get('a', 1)).toBeUndefined();
    expect(cache.get('b', 1)?.value).toBe('y');
  });

  it.each([0, -1, -1e18])('of %i nanoseconds holds nothing', (expiration) => {
    const cache = createCache<string>(expiration);
    cache.set('a', 'x', 5);
    expect(cache.size).toBe(0);
    expect(cache.get('a', 5)).toBeUndefined();
  });

  it('takes any text as a name', () => {
    const cache = createCache<string>(100);
    for (const name of ['', '__proto__', 'constructor', '\0']) cache.set(name, name, 0);
    for (const name of ['', '__proto__', 'constructor', '\0']) expect(cache.get(name, 1)?.value).toBe(name);
    expect(cache.get('toString', 1)).toBeUndefined();
  });

  it('drops expired entries that nobody asks for', () => {
    const cache = createCache<number>(100);
    for (let now = 0; now < 100_000; now++) cache.set(String(now), now, now);
    expect(cache.size).toBeLessThan(300);
    expect(cache.get('99999', 100_000)?.value).toBe(99_999);
    expect(cache.get('99900', 99_999)?.value).toBe(99_900);
  });

  it('answers as a list of everything that was ever stored would', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const act = fc.tuple(fc.constantFrom('get', 'set', 'delete'), name, fc.nat({ max: 40 }));
    fc.assert(
      fc.property(fc.array(act), fc.integer({ min: -5, max: 100 }), (acts, expiration) => {
        const cache = createCache<number>(expiration);
        const log: { name: string; value: number; at: number; gone: boolean }[] = [];
        let now = 0;
        for (const [i, [what, key, pause]] of acts.entries()) {
          now += pause;
          if (what === 'set') {
            cache.set(key, i, now);
            log.push({ name: key, value: i, at: now, gone: false });
          } else if (what === 'delete') {
            cache.delete(key);
            for (const entry of log) if (entry.name === key) entry.gone = true;
          } else {
            const last = log.findLast((entry) => entry.name === key);
            const alive = last !== undefined && !last.gone && now < last.at + expiration;
            expect(cache.get(key, now)?.value).toBe(alive ? last.value : undefined);
          }
        }
      }),
    );
  });
});
