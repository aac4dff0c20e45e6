import { describe, expect, it } from 'vitest';
import type { AccessChange } from '../../src/access-matrix/access-changes.js';
import { matchGains, parseGainPattern } from '../../src/access-matrix/fail-on-gain.js';

const config = { endpoint: '/config', privilege: 'write' };
const tasks = { endpoint: '/tasks', privilege: 'read' };
const write = { endpoint: '/write?db=telegraf', privilege: 'write' };
const one = { database: 'telegraf', privilege: 'WriteData' };
const all = { database: '', privilege: 'WriteData' };

describe('a pattern of --fail-on-gain', () => {
  it.each([
    ['write:/config', [config]],
    ['write:/kapacitor/v1/config', [config]],
    ['*:/config', [config]],
    ['write:*', [config, write]],
    ['*:/*', [config, tasks, write]],
    ['write:/write', [write]],
    ['WriteData', [one, all]],
    ['WriteData:telegraf', [one, all]],
    ['WriteData:tele*', [one, all]],
    ['WriteData:other', [all]],
    ['*Data:telegraf', [one, all]],
    ['CreateUserAndRole', []],
    ['*', [config, tasks, write, one, all]],
    ['*:*', [config, tasks, write, one, all]],
  ])('%s', (text, matched) => {
    const pattern = parseGainPattern(text);
    expect([config, tasks, write, one, all].filter((item) => pattern.matches(item))).toEqual(matched);
  });

  it.each([
    ['', 'not a pattern', 'PRIVILEGE:/ENDPOINT'],
    [':/config', 'not a pattern', 'PRIVILEGE:/ENDPOINT'],
    ['write:', 'not a pattern', 'PRIVILEGE:/ENDPOINT'],
    ['/config', 'no privilege', 'read:/config or write:/config'],
    ['/nowhere', 'no privilege', 'read:/tasks'],
    ['writ:/config', 'unknown privilege "writ"', 'Did you mean "write"?'],
    ['write:/confg', 'unknown endpoint "/confg"', 'Did you mean "/config"?'],
    ['write:/config/smtp', 'unknown endpoint "/config/smtp"', '/config'],
    ['delete:/config', '/config never needs "delete"', 'It needs read, write.'],
    ['write:/write?db=telegraf', 'an endpoint has no database here', 'WriteData:DATABASE'],
    ['WriteDta:telegraf', 'unknown permission "WriteDta"', 'Did you mean "WriteData"?'],
    ['KapacitorConfigAPI', 'gives nothing in InfluxDB', 'write:/config'],
  ])('that nothing could match is refused: "%s"', (text, message, hint) => {
    expect(() => parseGainPattern(text)).toThrow(
      expect.objectContaining({
        kind: 'usage',
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      }),
    );
  });

  it('matches what is gained, and what may be', () => {
    const change = (users: string[], more: Partial<AccessChange>): AccessChange => ({
      outcome: 'gained',
      users,
      userStatus: 'kept',
      items: [config],
      allowed: false,
      by: '',
      ...more,
    });
    const changes = [
      change(['bob'], {}),
      change(['ann'], { outcome: 'unknown' }),
      change(['cid'], { outcome: 'unknown', allowed: true }),
      change(['dan'], { outcome: 'lost', allowed: true }),
      change(['eve'], { outcome: 'unchanged' }),
      change(['fay'], { items: [tasks] }),
    ];
    const patterns = ['write:/config', 'delete:/tasks'].map(parseGainPattern);
    expect(matchGains(patterns, changes)).toEqual([{ pattern: 'write:/config', gained: ['bob'], unknown: ['ann'] }]);
  });
});
