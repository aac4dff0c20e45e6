import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCache, passwordCacheExpiration, passwordTimeline } from '../../src/auth-engine/caches.js';
import { authenticateUser } from '../../src/auth-engine/authenticate.js';
import { type DaemonSettings, startDaemon } from '../../src/auth-engine/daemon-state.js';
import type { Engine } from '../../src/auth-engine/effects.js';

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

const minute = 60e9;
const hour = 60 * minute;

function settings(cacheExpiration: number, more: Partial<DaemonSettings> = {}): DaemonSettings {
  return {
    authEnabled: true,
    pprofEnabled: false,
    sharedSecret: '',
    users: 'meta',
    cacheExpiration,
    bcryptCost: 10,
    metaAddr: '127.0.0.1:8091',
    metaUseTls: false,
    metaUsername: '',
    metaPassword: '',
    metaSecret: '',
    ...more,
  };
}

type Password = 'old' | 'new' | 'wrong';

interface Login {
  readonly at: number;
  readonly password: Password;
}

const name = 'user';
const digests: Readonly<Record<Password, string>> = {
  old: 'o'.repeat(31),
  new: 'n'.repeat(31),
  wrong: 'w'.repeat(31),
};

function documentAt(at: number): string {
  const hash = `$2a$04$${'.'.repeat(22)}${digests[at < 0 ? 'old' : 'new']}`;
  return JSON.stringify({ users: [{ name, hash }] });
}

/** Runs a computation with a node that changed the password at 0, and a bcrypt that knows three passwords. */
function driven<T>(engine: Engine<T>, { at, password }: Login): T {
  let next = engine.next();
  while (!next.done) {
    const answer = next.value.want === 'meta' ? { status: 200, location: '', body: documentAt(at) } : digests[password];
    next = engine.next(answer);
  }
  return next.value;
}

/** Whether each login is accepted, one after the other. Times are since the change, before it negative. */
function play(settings: DaemonSettings, logins: readonly Login[]): readonly boolean[] {
  const first = Math.min(0, ...logins.map(({ at }) => at));
  const daemon = startDaemon(settings, 0);
  return logins.map((login) => {
    return driven(authenticateUser(daemon, name, login.password, login.at - first, []), login) !== undefined;
  });
}

/** The largest time in [0, most] at which it holds, where it holds up to some time and no longer. */
function lastTime(most: number, holds: (at: number) => boolean): number {
  let [low, high] = [0, most];
  if (!holds(0)) return 0;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The logins before and after the change that keep the old password alive longest: the document is read just before
 * the change, and the password is checked in full just before that document expires.
 */
function worstBefore(expiration: number): readonly Login[] {
  const lastCheck = expiration - 3;
  return [
    { at: Math.min(lastCheck - passwordCacheExpiration, -3), password: 'old' },
    { at: -2, password: 'wrong' },
    { at: -1, password: 'old' },
    ...(lastCheck > 0 ? [{ at: lastCheck, password: 'old' } as const] : []),
  ];
}

/** The same, found by asking the engine itself. */
function searched(given: DaemonSettings): { oldUntil: number; newRefusedUntil: number } {
  const expiration = Math.max(0, given.cacheExpiration);
  const most = expiration + 2 * passwordCacheExpiration;
  const before = worstBefore(expiration);
  const oldAt = (at: number): boolean => {
    const earlier = before.filter((login) => login.at <= at);
    return play(given, [...earlier, { at, password: 'old' }]).at(-1) === true;
  };
  const newRefusedAt = (at: number): boolean => {
    return (
      play(given, [
        { at: -1, password: 'old' },
        { at, password: 'new' },
      ]).at(-1) === false
    );
  };
  return { oldUntil: lastTime(most, oldAt), newRefusedUntil: lastTime(most, newRefusedAt) };
}

describe('after a password was changed', () => {
  it.each([
    ['10m', 10 * minute],
    ['1h', hour],
    ['3h', 3 * hour],
  ])(
    'with a cache-expiration of %s the old one may live that and an hour, and the new one be refused once',
    (_, expiration) => {
      const timeline = passwordTimeline(settings(expiration));
      expect(Math.round((timeline?.oldUntil ?? 0) / 1000)).toBe((expiration + hour) / 1000);
      expect(Math.round((timeline?.newRefusedUntil ?? 0) / 1000)).toBe(expiration / 1000);
    },
  );

  it.each([0, -minute])(
    'with no user cache (%d) the old one may live an hour, and the new one is never refused',
    (expiration) => {
      const timeline = passwordTimeline(settings(expiration));
      expect(Math.round((timeline?.oldUntil ?? 0) / 1000)).toBe(hour / 1000);
      expect(timeline?.newRefusedUntil).toBe(0);
    },
  );

  it.each([0, 1e9, minute, 10 * minute, hour, 3 * hour])('the formula is what the engine does (%d)', (expiration) => {
    const given = settings(expiration);
    const { oldUntil = 0, newRefusedUntil = 0 } = passwordTimeline(given) ?? {};
    const found = searched(given);
    expect(Math.abs(oldUntil - found.oldUntil)).toBeLessThan(10);
    expect(Math.abs(newRefusedUntil - found.newRefusedUntil)).toBeLessThan(10);
  });

  it('nothing is to be told of a Kapacitor that does not ask the meta node', () => {
    expect(passwordTimeline(settings(minute, { users: 'own-store' }))).toBeUndefined();
    expect(passwordTimeline(settings(minute, { users: 'noauth' }))).toBeUndefined();
    expect(passwordTimeline(settings(minute, { authEnabled: false }))).toBeUndefined();
  });
});
