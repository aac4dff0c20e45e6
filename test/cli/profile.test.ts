import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Command } from 'commander';
import * as add from '../../src/commands/profile/add.js';
import * as remove from '../../src/commands/profile/remove.js';
import * as show from '../../src/commands/profile/show.js';
import * as use from '../../src/commands/profile/use.js';
import { cluster } from './cluster.js';
import { makeFolder } from '../folder.js';
import { runLine, type Ran } from '../run.js';
import type { TestOptions } from '../context.js';

const file = '.config/kapadmin/config.yaml';
const two = `# my clusters
default: prod
profiles:
  prod: # the real one
    url: [https://p1:8091, https://p2:8091]
    username: admin
    password: hush-hush
  lab:
    url: http://joe@lab:8091
    passwordFile: pw
`;

interface Home {
  readonly home: string;
  run(words: string, options?: TestOptions): Promise<Ran>;
  /** The configuration file. */
  text(): string;
}

function homeWith(text?: string): Home {
  const home = makeFolder(text === undefined ? {} : { [file]: text });
  return {
    home,
    run: (words, options) => runLine(words.split(' '), { home, ...options }),
    text: () => readFileSync(`${home}/${file}`, 'utf8'),
  };
}

/** What the words of a command mean. */
async function optionsOf<O>(
  define: (command: Command, act: (options: O) => Promise<void>) => void,
  words: readonly string[],
): Promise<O | undefined> {
  let meant: O | undefined;
  const command = new Command().exitOverride();
  define(command, (options) => {
    meant = options;
    return Promise.resolve();
  });
  await command.parseAsync(words, { from: 'user' });
  return meant;
}

describe('the words of profile', () => {
  it('mean options', async () => {
    expect(await optionsOf(add.define, ['prod'])).toEqual({ name: 'prod', force: false });
    expect(await optionsOf(add.define, ['--force', '--', '-x'])).toEqual({ name: '-x', force: true });
    expect(await optionsOf(show.define, [])).toEqual({});
    expect(await optionsOf(show.define, ['prod'])).toEqual({ name: 'prod' });
    expect(await optionsOf(use.define, ['prod'])).toEqual({ name: 'prod' });
    expect(await optionsOf(remove.define, ['a', 'b', '--yes'])).toEqual({ names: ['a', 'b'], yes: true });
  });
});

describe('profile list', () => {
  it('shows each profile, without its password', async () => {
    const { code, stdout } = await homeWith(two).run('profile list');
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'NAME  DEFAULT  URL                              USERNAME  SECRET',
        'prod  yes      https://p1:8091 https://p2:8091  admin     password',
        'lab            http://lab:8091                            passwordFile',
        '',
      ].join('\n'),
    );
  });

  it('is JSON, CSV and names', async () => {
    const home = homeWith(two);
    expect(JSON.parse((await home.run('profile list -o json')).stdout)).toEqual([
      {
        name: 'prod',
        default: true,
        urls: ['https://p1:8091', 'https://p2:8091'],
        username: 'admin',
        secret: 'password',
      },
      { name: 'lab', default: false, urls: ['http://lab:8091'], username: null, secret: 'passwordFile' },
    ]);
    expect((await home.run('profile list -o csv')).stdout).toContain('lab,,http://lab:8091,,passwordFile\r\n');
    expect((await home.run('profile list -o name')).stdout).toBe('prod\nlab\n');
  });

  it('of nothing says how to make one', async () => {
    expect((await homeWith().run('profile list')).stdout).toMatch(/^No profiles\. To add one: kapadmin profile add/);
    expect((await homeWith().run('profile list -o json')).stdout).toBe('[]\n');
  });
});

describe('profile show', () => {
  it('gives each value with its origin, and no secret', async () => {
    const home = homeWith(two);
    const { code, stdout } = await home.run('profile show', { env: { KAPADMIN_TIMEOUT: '5s' } });
    expect(code).toBe(0);
    const path = `${home.home}/${file}`;
    for (const row of [
      ['url', 'https://p1:8091 https://p2:8091', `profile prod in ${path}`],
      ['password', '***', `profile prod in ${path}`],
      ['timeout', '5s', 'KAPADMIN_TIMEOUT'],
      ['retries', '3', 'default'],
    ]) {
      expect(stdout).toMatch(new RegExp(`^${row.map((cell) => cell.replaceAll('*', '\\*')).join(' {2,}')}$`, 'm'));
    }
    expect(stdout).not.toContain('hush');
  });

  it('is JSON with the same', async () => {
    const { stdout } = await homeWith(two).run('profile show lab -o json', {
      env: { KAPADMIN_META_PASSWORD: 'hush-hush' },
    });
    expect(JSON.parse(stdout)).toMatchObject({
      profile: 'lab',
      settings: expect.arrayContaining([
        {
          name: 'url',
          value: ['http://lab:8091'],
          origin: expect.objectContaining({ from: 'profile', profile: 'lab' }),
        },
        { name: 'username', value: 'joe', origin: expect.objectContaining({ from: 'profile' }) },
        { name: 'password', value: '***', origin: { from: 'environment', name: 'KAPADMIN_META_PASSWORD' } },
      ]),
    });
    expect(stdout).not.toContain('hush');
  });

  it('of an unknown name is not found, with the nearest', async () => {
    const { code, stderr } = await homeWith(two).run('profile show prd');
    expect(code).toBe(5);
    expect(stderr).toMatch(/profile "prd" not found in .*\nDid you mean "prod"\?/);
  });

  it('refuses a file with passwords that others can read, as every other command', async () => {
    const { home, run } = homeWith(two);
    writeFileSync(`${home}/open.yaml`, two, { mode: 0o644 });
    for (const words of ['profile show', 'profile list', 'profile use lab', 'profile remove lab --yes']) {
      const { code, stderr } = await run(`${words} --config ${home}/open.yaml`);
      expect([code, stderr]).toEqual([2, expect.stringContaining(`chmod 600 ${home}/open.yaml`)]);
    }
  });
});

describe('profile add tests the connection', () => {
  it('by the profile alone, and says whether it works; not with --no-test', async () => {
    const { urls } = await cluster({ users: {} });
    const folder = makeFolder({ good: 'changeit', bad: 'hUsh-wrong' });
    const env = { KAPADMIN_META_PASSWORD: 'changeit' };
    const add = (name: string, ...more: string[]): Promise<Ran> =>
      runLine(['profile', 'add', name, '--meta-url', urls[0] ?? '', '--meta-username', 'admin', ...more], {
        home: folder,
        env,
      });
    const good = await add('good', '--meta-password-file', `${folder}/good`);
    expect([good.code, good.stdout]).toEqual([0, expect.stringContaining('The connection works.')]);
    const bad = await add('bad', '--meta-password-file', `${folder}/bad`);
    expect([bad.code, bad.stdout]).toEqual([0, expect.not.stringContaining('works')]);
    expect(bad.stderr).toContain('warning: the profile is saved, but its connection does not work: ');
    expect(bad.stderr).toContain('To correct it: kapadmin profile add bad --force, with the corrected flags\n');
    expect(bad.stdout + bad.stderr).not.toContain('hUsh');
    const lost = await runLine(['profile', 'add', 'lost', '--meta-url', 'http://127.0.0.1:9'], { home: folder });
    expect(lost.stderr).toContain(
      'its connection does not work: no response from the meta node: GET http://127.0.0.1:9/user?name=kapadmin: ',
    );
    const untested = await add('untested', '--meta-password-file', `${folder}/bad`, '--no-test', '-o', 'json');
    expect([JSON.parse(untested.stdout), untested.stderr]).toMatchObject([
      { works: null },
      expect.not.stringContaining('saved'),
    ]);
    expect(JSON.parse((await add('none', '-o', 'json')).stdout)).toMatchObject({ works: null });
  });
});

describe('profile add', () => {
  it('writes a file of mode 0600 in a folder of mode 0700; the first is the default', async () => {
    const home = homeWith();
    const { code, stdout } = await home.run('profile add prod --meta-url https://p1 --meta-username admin --retries 1');
    expect([code, stdout]).toEqual([0, `Added profile prod in ${home.home}/${file}; it is the default.\n`]);
    expect(home.text()).toBe(
      'default: prod\nprofiles:\n  prod:\n    url: https://p1:8091\n    username: admin\n    retries: "1"\n',
    );
    expect(statSync(`${home.home}/${file}`).mode & 0o777).toBe(0o600);
    expect(statSync(`${home.home}/.config/kapadmin`).mode & 0o777).toBe(0o700);
    expect((await home.run('profile show prod -o json')).code).toBe(0);
  });

  it('keeps the other profiles and the comments', async () => {
    const home = homeWith(two);
    expect((await home.run('profile add new --meta-url http://a --meta-url http://b')).code).toBe(0);
    expect(home.text()).toContain('# my clusters');
    expect(home.text()).toContain('# the real one');
    expect((await home.run('profile list -o name')).stdout).toBe('prod\nlab\nnew\n');
    expect(home.text()).toContain('default: prod');
  });

  it('keeps a password of standard input, or of the URL with a warning', async () => {
    const home = homeWith();
    await home.run('profile add a --meta-url http://h --meta-username joe --meta-password-stdin', {
      stdin: 'hush-hush\n',
    });
    const { stderr, stdout } = await home.run('profile add b --meta-url http://joe:pl%C3%A4n@h');
    expect(stderr).toContain('is visible in the process list');
    expect(`${stdout}${stderr}`).not.toContain('pl');
    expect(home.text()).toContain('    password: hush-hush\n');
    expect(home.text()).toContain('    url: http://h:8091\n    username: joe\n    password: plän\n');
  });

  it('keeps paths as absolute ones', async () => {
    const home = homeWith();
    await home.run('profile add a --meta-username joe --meta-password-file pw --meta-ca /ca.pem', { cwd: '/tmp' });
    expect(home.text()).toContain('passwordFile: /tmp/pw');
    expect(home.text()).toContain('ca: /ca.pem');
  });

  it('of an existing name needs --force', async () => {
    const home = homeWith(two);
    const { code, stderr } = await home.run('profile add lab --meta-url http://new');
    expect([code, stderr]).toEqual([6, expect.stringContaining('--force')]);
    expect((await home.run('profile add lab --meta-url http://new --force')).stdout).toMatch(/^Replaced profile lab/);
    expect(home.text()).toContain('lab:\n    url: http://new:8091\n');
    expect(home.text()).not.toContain('passwordFile');
  });

  it.each([
    ['profile add a', 'connection flags'],
    ['profile add a --meta-url nonsense', '--meta-url'],
    ['profile add a --timeout soon', '--timeout'],
    ['profile add a --meta-password-stdin --meta-password-file x', '--meta-password-file'],
  ])('%s is refused', async (words, named) => {
    const home = homeWith();
    const { code, stderr } = await home.run(words);
    expect([code, stderr]).toEqual([2, expect.stringContaining(named)]);
    expect(() => home.text()).toThrow('ENOENT');
  });

  it.each(['', ' ', 'a\nb', 'a\u001b[31m'])('of the name %j is refused', async (name) => {
    const { code, stderr } = await runLine(['profile', 'add', name, '--meta-url', 'http://h']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('is not a valid profile name')]);
  });

  it('takes any other name, and finds it again', async () => {
    const { home } = homeWith();
    for (const name of ['__proto__', '123', 'true', '-x', 'a: b', '"', 'ä😀', '<<']) {
      const added = await runLine(['profile', 'add', '--meta-url', 'http://h', '--', name], { home });
      expect(added.code).toBe(0);
      const shown = await runLine(['profile', 'show', '-o', 'json', '--', name], { home });
      expect(JSON.parse(shown.stdout)).toMatchObject({ profile: name });
    }
    const all = await runLine(['profile', 'list', '-o', 'json'], { home });
    expect(JSON.parse(all.stdout)).toHaveLength(8);
    const removed = await runLine(['profile', 'remove', '--yes', '--', '123', 'true', '__proto__'], { home });
    expect(removed.code).toBe(0);
    expect(JSON.parse((await runLine(['profile', 'list', '-o', 'json'], { home })).stdout)).toHaveLength(5);
  });

  it.each(['toml', 'json'])('writes %s where the file is that', async (format) => {
    const home = makeFolder({ [`.config/kapadmin/config.${format}`]: '' });
    for (const name of ['a', 'b']) {
      expect((await runLine(['profile', 'add', name, '--meta-url', `http://${name}`], { home })).code).toBe(0);
    }
    expect((await runLine(['profile', 'remove', 'a', '--yes'], { home })).code).toBe(0);
    expect((await runLine(['profile', 'list', '-o', 'name'], { home })).stdout).toBe('b\n');
  });

  it('does not lose the comments of a TOML file', async () => {
    const home = makeFolder({ '.config/kapadmin/config.toml': '# mine\n' });
    const { code, stderr } = await runLine(['profile', 'add', 'a', '--meta-url', 'http://h'], { home });
    expect([code, stderr]).toEqual([2, expect.stringContaining('comments')]);
  });

  it('makes a file that --config names', async () => {
    const { home, run } = homeWith();
    expect((await run(`profile add a --meta-url http://h --config ${home}/new.json`)).code).toBe(0);
    expect(JSON.parse(readFileSync(`${home}/new.json`, 'utf8'))).toEqual({
      default: 'a',
      profiles: { a: { url: 'http://h:8091' } },
    });
  });
});

describe('profile use, remove and trust', () => {
  it('use makes another the default', async () => {
    const home = homeWith(two);
    expect((await home.run('profile use lab')).stdout).toMatch(/^Profile lab is now the default in /);
    expect(home.text()).toContain('default: lab');
    expect((await home.run('profile use lba')).code).toBe(5);
  });

  it('use fixes a default that does not exist', async () => {
    const home = homeWith(two.replace('default: prod', 'default: gone'));
    expect((await home.run('profile show')).code).toBe(2);
    expect((await home.run('profile use prod')).code).toBe(0);
    expect((await home.run('profile show')).code).toBe(0);
  });

  it('remove needs --yes without a terminal', async () => {
    const home = homeWith(two);
    const { code, stderr } = await home.run('profile remove lab');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--yes')]);
    expect(home.text()).toBe(two);
  });

  it('remove takes several, all or none', async () => {
    const home = homeWith(two);
    expect((await home.run('profile remove lab nope --yes')).code).toBe(5);
    expect(home.text()).toBe(two);
    const { code, stdout, stderr } = await home.run('profile remove lab prod lab --yes -o json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { removed: ['lab', 'prod'], default: null }]);
    expect(stderr).toContain('No default profile is left.');
    expect(home.text()).not.toMatch(/default|hush/);
  });

  it('write nothing with --dry-run', async () => {
    const home = homeWith(two);
    for (const words of ['add new --meta-url http://h', 'use lab', 'remove lab']) {
      const { code, stdout } = await home.run(`profile ${words} --dry-run`);
      expect([code, stdout]).toEqual([0, expect.stringContaining('Dry run: no changes were made.')]);
    }
    expect(home.text()).toBe(two);
  });

  it('need a home', async () => {
    for (const words of ['add a --meta-url http://h']) {
      const { code, stderr } = await runLine(['profile', ...words.split(' ')], { home: '' });
      expect([code, stderr]).toEqual([2, expect.stringContaining('HOME')]);
    }
  });
});
