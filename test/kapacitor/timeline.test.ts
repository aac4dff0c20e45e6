import { describe, expect, it } from 'vitest';
import type { DaemonSettings } from '../../src/kapacitor/daemon.js';
import { passwordTimeline } from '../../src/kapacitor/timeline.js';

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

  it('nothing is to be told of a Kapacitor that does not ask the meta node', () => {
    expect(passwordTimeline(settings(minute, { users: 'own-store' }))).toBeUndefined();
    expect(passwordTimeline(settings(minute, { users: 'noauth' }))).toBeUndefined();
    expect(passwordTimeline(settings(minute, { authEnabled: false }))).toBeUndefined();
  });
});
