import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/kapacitor-config/read-and-validate.js';
import { type DaemonSettings, toDaemonSettings } from '../../src/auth-engine/daemon-state.js';

function settingsOf(file: string, env: Readonly<Record<string, string>> = {}): DaemonSettings {
  const reading = readConfiguration(file, new Map(Object.entries(env)));
  if (!reading.starts) throw new Error(reading.message);
  return toDaemonSettings(reading.configuration);
}

const on = '[auth]\nenabled = true\nbcrypt-cost = 4\n';

describe('the settings that decide requests', () => {
  it('are by default those of a daemon that sends no lookup', () => {
    expect(settingsOf('')).toEqual({
      authEnabled: false,
      pprofEnabled: false,
      sharedSecret: '',
      users: 'noauth',
      cacheExpiration: 0,
      bcryptCost: 0,
      metaAddr: '',
      metaUseTls: false,
      metaUsername: '',
      metaPassword: '',
      metaSecret: '',
    });
  });

  it('take users from nobody, from the own store or from the meta node', () => {
    expect(settingsOf('[auth]\nmeta-addr = "a:1"\n').users).toBe('noauth');
    expect(settingsOf(on).users).toBe('own-store');
    expect(settingsOf(`${on}meta-addr = "a:1"\n`).users).toBe('meta');
  });

  it('hold texts as bytes, times in nanoseconds, secrets revealed', () => {
    const file = `[http]\nauth-enabled = true\npprof-enabled = true\nshared-secret = "s\u00e9"\n${on}
      cache-expiration = "10m"\nmeta-addr = "m\u00e9ta:1"\nmeta-use-tls = true\nmeta-username = "\u00fc"
      meta-password = "p\u00e4"\nmeta-internal-shared-secret = "i\u00f6"\n`;
    expect(settingsOf(file)).toEqual({
      authEnabled: true,
      pprofEnabled: true,
      sharedSecret: 's\u00c3\u00a9',
      users: 'meta',
      cacheExpiration: 600e9,
      bcryptCost: 4,
      metaAddr: 'm\u00c3\u00a9ta:1',
      metaUseTls: true,
      metaUsername: '\u00c3\u00bc',
      metaPassword: 'p\u00c3\u00a4',
      metaSecret: 'i\u00c3\u00b6',
    });
  });
});
