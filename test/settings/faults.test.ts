import { describe, expect, it } from 'vitest';
import { faultOf, type Place } from './resolve.js';

const one = (keys: string): string => `default: a\nprofiles:\n  a: ${keys}\n`;

/** What is wrong, the place, and what the message and the hint must hold. */
const cases: readonly (readonly [string, Place, readonly string[]])[] = [
  ['a URL with a path', { flags: { metaUrl: ['http://h:8091/x'] } }, ['--meta-url', 'the URL has a path', 'path']],
  [
    'a URL without a scheme',
    { env: { KAPADMIN_META_URL: 'h:8091' } },
    ['KAPADMIN_META_URL', 'does not start with', 'http://'],
  ],
  [
    'a URL of another scheme',
    { own: one('{ url: "ftp://h" }') },
    ['"url" of the profile "a"', 'config.yaml', 'does not start with'],
  ],
  ['a URL with a blank', { flags: { metaUrl: ['http://h h'] } }, ['--meta-url', 'space']],
  ['a URL that is none', { flags: { metaUrl: ['http://[::1:8091'] } }, ['--meta-url', 'is invalid']],
  [
    'a URL whose password is not encoded',
    { flags: { metaUrl: ['http://u:a/b@h'] } },
    ['--meta-url', 'percent-encoded', '%2F'],
  ],
  ['a URL whose encoding is broken', { flags: { metaUrl: ['http://u:%zz@h'] } }, ['--meta-url', 'percent-encoded']],
  [
    'different accounts in URLs',
    { flags: { metaUrl: ['http://u:a@h', 'http://u:b@i'] } },
    ['--meta-url', 'different accounts'],
  ],
  [
    'a name in the URL and beside it',
    { flags: { metaUrl: ['http://u:a@h'], metaUsername: 'v' } },
    ['--meta-url', '--meta-username'],
  ],
  ['a duration without unit', { flags: { timeout: '10' } }, ['--timeout', '"10"', '500ms']],
  ['a duration in words', { env: { KAPADMIN_WAIT: 'soon' } }, ['KAPADMIN_WAIT', '"soon"']],
  ['a duration of nothing', { flags: { connectTimeout: '0s' } }, ['--connect-timeout', '"0s"', '1ms']],
  ['a duration of days', { own: one('{ timeout: 25h }') }, ['"timeout" of the profile "a"', '"25h"', '24h']],
  ['a count with a fraction', { env: { KAPADMIN_RETRIES: '1.5' } }, ['KAPADMIN_RETRIES', '"1.5"']],
  ['a negative count', { own: one('{ retries: -1 }') }, ['"retries" of the profile "a"', '"-1"']],
  ['a size of nothing', { flags: { maxBody: '0' } }, ['--max-body', '"0"', '64MiB']],
  ['a size of an unknown unit', { env: { KAPADMIN_MAX_BODY: '1TB' } }, ['KAPADMIN_MAX_BODY', '"1TB"']],
  ['a switch in other words', { env: { KAPADMIN_READ_LEADER: 'maybe' } }, ['KAPADMIN_READ_LEADER', '"maybe"', 'true']],
  [
    'a profile that is not there',
    { own: one('{}'), flags: { profile: ['b'] } },
    ['--profile', '"b"', 'config.yaml', 'Did you mean "a"'],
  ],
  [
    'a profile where there is no file',
    { env: { KAPADMIN_PROFILE: 'prod' } },
    ['KAPADMIN_PROFILE', '"prod"', 'kapadmin profile add'],
  ],
  [
    'a default that is not there',
    { own: 'default: lap\nprofiles: { lab: {} }' },
    ['"default"', 'names a profile that does not exist', 'Did you mean "lab"'],
  ],
  ['a configuration file that is not there', { flags: { config: 'no.yaml' } }, ['no.yaml', 'no such file']],
  ['a configuration file of another kind', { env: { KAPADMIN_CONFIG: '/etc/hosts' } }, ['/etc/hosts', '.yaml']],
  ['an unknown key at the top', { own: 'profile: {}' }, ['config.yaml', '"profile"', 'Did you mean "profiles"']],
  [
    'an unknown key in a profile',
    { own: one('{ usrname: joe }') },
    ['the profile "a"', '"usrname"', 'Did you mean "username"'],
  ],
  [
    'a key that is only a flag',
    { own: one('{ passwordStdin: true }') },
    ['the profile "a"', 'unknown key "passwordStdin"', '--meta-password-stdin'],
  ],
  [
    'a misspelt key',
    { own: one('{ passwordFil: x }') },
    ['the profile "a"', 'unknown key "passwordFil"', 'Did you mean "passwordFile"?'],
  ],
  [
    'a key that may be a secret, near a known one',
    { own: one('{ passw0rd1: x }') },
    ['the profile "a"', 'key 1: unknown key (its name is not shown)'],
  ],
  [
    'a key that may be a secret',
    { own: one('{ hunter: x }') },
    ['the profile "a"', 'key 1: unknown key (its name is not shown)'],
  ],
  [
    'a key that may be a secret, on its own line',
    { own: 'default: a\nhunter: x\n' },
    ['config.yaml, line 2: unknown key (its name is not shown)'],
  ],
  ['a profile that is a text', { own: one('text') }, ['the profile "a"', 'a mapping']],
  ['profiles that are a list', { own: 'profiles: [a]' }, ['"profiles"', 'a mapping']],
  ['a value that is a mapping', { own: one('{ username: { a: 1 } }') }, ['"username"', 'a string']],
  ['a value that is nothing', { own: one('{ url: [] }') }, ['"url"', 'a string']],
  [
    'two passwords in flags',
    { flags: { metaPasswordStdin: true, metaPasswordFile: 'x' } },
    ['--meta-password-stdin and --meta-password-file'],
  ],
  [
    'two passwords in the environment',
    { env: { KAPADMIN_META_PASSWORD: 'x', KAPADMIN_META_SECRET_FILE: 'y' } },
    ['KAPADMIN_META_PASSWORD and KAPADMIN_META_SECRET_FILE'],
  ],
  [
    'two passwords in a profile',
    { own: one('{ password: x, passwordFile: y }') },
    ['"password" of the profile', '"passwordFile"'],
  ],
  [
    'a password without a name',
    { env: { KAPADMIN_META_PASSWORD: 'x' } },
    ['KAPADMIN_META_PASSWORD', '--meta-username'],
  ],
  [
    'a name without a password',
    { flags: { metaUsername: 'joe' } },
    ['"joe"', '--meta-username', '--meta-password-file', 'empty file'],
  ],
  ['an empty name', { flags: { metaUsername: '' } }, ['--meta-username', 'empty']],
  [
    'a password file that is not there',
    { env: { KAPADMIN_META_USERNAME: 'j', KAPADMIN_META_PASSWORD_FILE: 'nope' } },
    ['KAPADMIN_META_PASSWORD_FILE', 'nope', 'no such file'],
  ],
  [
    'a password file that is a device',
    { flags: { metaUsername: 'j', metaPasswordFile: '/dev/zero' } },
    ['--meta-password-file', 'not a regular file'],
  ],
  [
    'a password file that is a folder',
    { flags: { metaUsername: 'j', metaPasswordFile: '/' } },
    ['--meta-password-file', 'a directory'],
  ],
];

describe('a wrong setting', () => {
  it.each(cases)('%s', async (_, place, words) => {
    const { kind, message, hint } = await faultOf(place);
    expect(kind).toBe('usage');
    for (const word of words) expect(`${message}\n${hint}`).toContain(word);
  });

  it('never quotes a password out of a URL', async () => {
    for (const url of [
      'http://u:s3cret/x@h',
      'http://u:s3cret@h/x',
      'u:s3cret@h',
      'http://u:s3cret@h h',
      'http://u:s3%zzcret@h',
    ]) {
      const { message, hint } = await faultOf({ flags: { metaUrl: [url] } });
      expect(`${message}${hint}`).not.toMatch(/s3|cret/);
    }
  });

  it('does not matter where another layer is first', async () => {
    await expect(faultOf({ env: { KAPADMIN_TIMEOUT: 'soon' }, flags: { timeout: '1s' } })).rejects.toThrow('are valid');
  });
});
