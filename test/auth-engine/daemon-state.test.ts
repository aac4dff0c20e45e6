import { describe, expect, it } from 'vitest';
import { passwordCacheExpiration } from '../../src/auth-engine/caches.js';
import { startDaemon, unixSeconds } from '../../src/auth-engine/daemon-state.js';
import { answer, hashOf, hour, Kapacitor, minute, second, settings, startMs, startSeconds } from './engine.js';

describe('the clock of a daemon', () => {
  it.each([
    [0, 0, 0],
    [0, second - 1, 0],
    [0, second, 1],
    [999, second / 1000 - 1, 0],
    [999, second / 1000, 1],
    [500, hour, 3600],
  ])('started %i ms into a second shows, %i ns later, %i s more', (ms, now, more) => {
    expect(unixSeconds(startDaemon(settings(), startMs + ms), now)).toBe(startSeconds + more);
  });
});

describe('the memory of a daemon', () => {
  it('remembers an accepted password for one hour', () => {
    expect(passwordCacheExpiration).toBe(hour);
  });

  it('does not grow with the number of requests', () => {
    const kapacitor = new Kapacitor((request) => {
      const name = request.query[0]?.[1] ?? '';
      return answer(200, { users: [{ name, hash: hashOf('x') }] });
    });
    for (let i = 0; i < 1000; i++) kapacitor.says({ user: `user${i}`, password: 'x' }, i * minute);
    expect(kapacitor.daemon.userCache.size).toBeLessThan(150);
    expect(kapacitor.daemon.passwordCache.size).toBeLessThan(300);
  });

  it('holds nothing of names that are not found', () => {
    const kapacitor = new Kapacitor({});
    for (let i = 0; i < 200; i++) kapacitor.says({ user: `user${i}`, password: 'x' }, i);
    expect([kapacitor.daemon.userCache.size, kapacitor.daemon.passwordCache.size]).toEqual([0, 0]);
  });

  it('is gone after a restart', () => {
    const first = new Kapacitor({ johndoe: { password: 'right', permissions: { '': ['KapacitorAPI'] } } });
    first.says({ user: 'johndoe', password: 'right' }, 0);
    const second = new Kapacitor({});
    expect(second.says({ user: 'johndoe', password: 'right' }, 0)).toBe('401 authorization failed');
  });
});
