import { describe, expect, it } from 'vitest';
import * as canI from '../../src/commands/auth/can-i.js';
import * as test from '../../src/commands/auth/test.js';
import * as whoCan from '../../src/commands/auth/who-can.js';
import { runAlone } from './cluster.js';
import { optionsOf } from './words.js';

const url = 'http://h/x';

describe('the words of auth', () => {
  it.each<[string, Parameters<typeof test.run>[0]]>([
    ['--url http://h/x', { url, env: true }],
    ['--url http://h/x --user ann --password-stdin', { url, user: 'ann', passwordStdin: true, env: true }],
    ['--url http://h/x --user ann --password-file f', { url, user: 'ann', passwordFile: 'f', env: true }],
    ['--url http://h/x --user ann --password-env V', { url, user: 'ann', passwordEnv: 'V', env: true }],
    [
      '--url http://h/x --method POST --header A:b --header C:d',
      { url, method: 'POST', header: ['A:b', 'C:d'], env: true },
    ],
    ['--url http://h/x --token-file t', { url, tokenFile: 't', env: true }],
    ['--url http://h/x --at 0s,5m', { url, at: '0s,5m', env: true }],
    [
      '--url http://h/x --live --live-any-method --live-ca c',
      { url, live: true, liveAnyMethod: true, liveCa: 'c', env: true },
    ],
    ['--url http://h/x --record f.yaml', { url, record: 'f.yaml', env: true }],
    ['--url http://h/x --kapacitor-conf k --env-file e', { url, kapacitorConf: 'k', envFile: 'e', env: true }],
    ['--url http://h/x --no-env', { url, env: false }],
    ['--scenario a b --scenario c', { scenario: ['a', 'b', 'c'], env: true }],
  ])('test %s', async (words, options) => {
    expect(await optionsOf(test.define, words.split(' '))).toEqual(options);
  });

  it.each<[string, Parameters<typeof canI.run>[0]]>([
    ['ann GET /x', { user: 'ann', method: 'GET', path: '/x' }],
    ['ann --list', { user: 'ann', method: undefined, path: undefined, list: true }],
    ['-- -ann GET /x', { user: '-ann', method: 'GET', path: '/x' }],
  ])('can-i %s', async (words, options) => {
    expect(await optionsOf(canI.define, words.split(' '))).toEqual(options);
  });

  it('who-can', async () => {
    expect(await optionsOf(whoCan.define, ['POST', '/write?db=x'])).toEqual({ method: 'POST', path: '/write?db=x' });
  });
});

describe('words that do not go together', () => {
  it.each([
    [[], 'no URL given'],
    [['--scenario', 'a', '--url', url], '--scenario and --url cannot be combined'],
    [['--scenario', 'a', '--record', 'b.yaml'], '--record cannot be combined with --scenario'],
    [['--scenario', 'a', '--live'], '--live cannot be combined with --scenario'],
    [['--url', 'h'], '--url: not an http or https URL'],
    [['--url', url, '--password', 'x'], 'a password is given, but no user'],
    [['--url', url, '--user', 'a'], 'password'],
    [['--url', url, '--user', 'a', '--password-stdin', '--token-file', '-'], 'cannot be combined'],
    [['--url', 'http://a:b@h/x', '--user', 'c', '--password', 'd'], 'cannot combine --user with'],
    [['--url', 'http://h', '--method', 'GET'], '--method needs a path'],
    [['--url', url, '--at', '5m,1m'], 'is earlier than the time before it'],
    [['--url', url, '--header', 'x'], '--header'],
    [['--url', url, '--live-any-method'], 'require --live'],
    [['--url', url, '--live', '--at', '0s'], '--live and --at cannot be combined'],
    [['--url', url, '--live', '--method', 'DELETE'], '--live would send DELETE'],
    [['--url', 'http://h', '--live', '--live-any-method'], '--live-any-method needs a path'],
    [['--url', url, '--live', '--header', 'X Y: z'], '--live: cannot send the header "X Y"'],
    [['--url', 'http://h', '--record', 'f.yaml'], '--record requires a path'],
    [['--url', url, '--record', 'f.txt'], 'must end in .yaml, .yml or .json'],
    [['--url', url, '--record', '/nonexistent/f.yaml'], '/nonexistent/f.yaml'],
    [['--url', url, '--env-file', 'e', '--no-env'], 'cannot be combined'],
    [['--url', url, '--kapacitor-conf', '/nonexistent/k.conf'], '--kapacitor-conf: cannot read /nonexistent/k.conf'],
    [['--url', url, '--token-file', '/nonexistent/t'], '/nonexistent/t'],
  ])('test %j: exit 2, and nothing is sent', async (words, message) => {
    const { code, stdout, stderr } = await runAlone(['auth', 'test', ...words, '--no-color']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it.each([
    [['can-i', 'ann'], 'a method and a path are required'],
    [['can-i', 'ann', 'GET'], 'a method and a path are required'],
    [['can-i', 'ann', 'GET', '/x', '--list'], '--list cannot be combined with a method and a path'],
    [['can-i', 'ann', 'BREW', '/x'], 'unknown method "BREW"'],
    [['who-can', 'BREW', '/x'], 'unknown method "BREW"'],
  ])('%j: exit 2, and nothing is sent', async (words, message) => {
    const { code, stderr } = await runAlone(['auth', ...words]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
