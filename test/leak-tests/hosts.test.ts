import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createServer, type AddressInfo } from 'node:net';
import type { Sandbox } from '../../src/sandbox/options.js';
import { makeFolder } from '../folder.js';
import { runLine } from '../run.js';
import { commands, lines } from './commands.js';
import type { Echo } from './echoes.js';
import { secrets } from './secrets.js';
import type { Source, SourceOf } from './source.js';
import { tryLine } from './try-line.js';
import { makeSandbox, startFakeCluster } from './fake-cluster.js';

/** A server that gets nothing: what comes to it is kept. */
const stranger = createServer((socket) => {
  connections += 1;
  socket.on('error', () => undefined).destroy();
});
let connections = 0;
let port = 0;
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await makeSandbox();
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  ({ port } = stranger.address() as AddressInfo);
});
afterAll(async () => {
  await sandbox.close();
  stranger.close();
});
beforeEach(() => void (connections = 0));

const asking = commands.filter(({ words }) => lines[words]?.isLocal !== true);
const account = { KAPADMIN_META_USERNAME: 'admin', KAPADMIN_META_PASSWORD: secrets.meta.value };

/** A source that takes no standard input. */
function quietOf(sources: readonly SourceOf[]): SourceOf {
  return sources.find((make) => make('').takesInput !== true) ?? (() => ({ name: 'nothing', secrets: [] }));
}

function fromEnvironment(env: Readonly<Record<string, string>>): Source {
  return { name: 'the environment', secrets: ['meta'], env: { ...account, ...env } };
}

describe('a redirect to another host', () => {
  it.each(['301 Moved', '302 Found', '303 See', '307 Temporary', '308 Permanent'])(
    '%s leads no command there',
    async (status) => {
      const redirect: Echo = {
        name: status,
        answer: () =>
          `HTTP/1.1 ${status}\r\nlocation: http://127.0.0.1:${port}/user\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
      };
      for (const [i, { words, sources }] of asking.entries()) {
        const cluster = await startFakeCluster(sandbox, redirect, i % 2 === 0 ? undefined : 'POST');
        const make = quietOf(sources);
        await tryLine(words, make(cluster.url), fromEnvironment({ KAPADMIN_META_URL: cluster.url }), [], cluster);
        await cluster.close();
        expect([words, connections]).toEqual([words, 0]);
      }
    },
  );
});

describe('a proxy', () => {
  it('of HTTP_PROXY, ALL_PROXY or HTTPS_PROXY gets nothing of a command that speaks plain http', async () => {
    const proxy = `http://127.0.0.1:${port}`;
    const names = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy', 'HTTPS_PROXY', 'https_proxy'];
    const env = Object.fromEntries(names.map((name) => [name, proxy]));
    for (const { words, sources } of asking) {
      const cluster = await startFakeCluster(sandbox);
      const make = quietOf(sources);
      await tryLine(
        words,
        make(cluster.url),
        fromEnvironment({ ...env, KAPADMIN_META_URL: cluster.url }),
        ['--dry-run'],
        cluster,
      );
      await cluster.close();
      expect([words, connections]).toEqual([words, 0]);
    }
  });

  it.each([
    ['HTTPS_PROXY', {}, true],
    ['NO_PROXY', { NO_PROXY: '127.0.0.1' }, false],
  ])('%s decides for https', async (_, more, isAsked) => {
    const env = { ...account, HTTPS_PROXY: `http://127.0.0.1:${port}`, KAPADMIN_RETRIES: '0', ...more };
    const { code } = await runLine(['user', 'list', '--meta-url', 'https://127.0.0.1:9'], { env });
    expect([code, connections > 0]).toEqual([3, isAsked]);
  });
});

describe('attack H2: a hostile folder as working directory', () => {
  /** All that some tool reads from a working directory, this one of old included. */
  function hostileFiles(): Record<string, string> {
    const url = `http://127.0.0.1:${port}`;
    const list = `url: ${url}\noutput: json\n`;
    const profiles = `default: evil\nprofiles:\n  evil: { url: "${url}", username: x, password: y }\n`;
    const code = `require('node:http').get('${url}'); module.exports = { url: '${url}' };`;
    return {
      '.kapadminrc': list,
      '.kapadminrc.yaml': list,
      '.kapadminrc.yml': list,
      '.kapadminrc.json': JSON.stringify({ url }),
      '.kapadminrc.toml': `url = "${url}"\n`,
      '.kapadminrc.js': code,
      '.kapadminrc.cjs': code,
      'kapadmin.config.js': code,
      'kapadmin.config.cjs': code,
      '.config/config.js': code,
      '.config/config.cjs': code,
      '.config/kapadminrc.yaml': list,
      '.config/kapadmin/config.yaml': profiles,
      'config.yaml': profiles,
      'package.json': JSON.stringify({ kapadmin: { url }, cosmiconfig: { searchPlaces: ['kapadmin.config.cjs'] } }),
      '.env': `KAPADMIN_META_URL=${url}\nHTTPS_PROXY=${url}\n`,
      '.npmrc': `proxy=${url}\n`,
    };
  }

  const ownProfile = 'default: mine\nprofiles:\n  mine: { url: "http://127.0.0.1:9" }\n';

  it.each(commands.map(({ words, sources }) => ({ words, sources })))(
    '$words sends nothing to a server that only the folder names',
    async ({ words, sources }) => {
      for (const make of [quietOf(sources), ...sources.filter((each) => each('').takesInput !== true).slice(0, 3)]) {
        const own = make('http://127.0.0.1:9');
        const files = { ...own.files, '~/.config/kapadmin/config.yaml': ownProfile };
        const connection: Source = { name: 'the own profile', secrets: [], files: hostileFiles() };
        const { line } = await tryLine(words, { ...own, files }, connection, []);
        expect([line, connections]).toEqual([line, 0]);
      }
    },
  );

  it('with secrets of the environment and of files in a state file: apply sends none', async () => {
    const cwd = makeFolder({
      ...hostileFiles(),
      id_key: 'a private key',
      'access.yaml': `users:
  a: { password: { env: KAPADMIN_META_PASSWORD } }
  b: { password: { file: id_key } }
  c: { password: { env: TOKEN } }
`,
    });
    const home = makeFolder({ '.config/kapadmin/config.yaml': ownProfile });
    for (const words of [
      'apply access.yaml',
      'apply access.yaml --yes',
      'plan access.yaml',
      'bootstrap root --password-env TOKEN',
      'user create bob --password-env TOKEN',
      '__complete -- user show x',
    ]) {
      const { stderr } = await runLine(words.split(' '), {
        cwd,
        home,
        env: { ...account, TOKEN: 'hush-hush', KAPADMIN_RETRIES: '0' },
      });
      expect([words, connections]).toEqual([words, 0]);
      expect(stderr).not.toContain('hush-hush');
    }
  });

  it('the server would be told of a request: it is, where a flag names it', async () => {
    await runLine(['user', 'list', '--meta-url', `http://127.0.0.1:${port}`, '--retries', '0']);
    expect(connections).toBeGreaterThan(0);
  });
});

describe('names for completion', () => {
  it("are kept in the user's own cache folder, for nobody else", async () => {
    const home = makeFolder();
    const env = { ...account, KAPADMIN_META_URL: sandbox.urls.join() };
    const { stdout } = await runLine(['__complete', '--', 'user', 'show', ''], { home, env });
    expect(stdout).toContain('joe');
    const folder = path.join(home, '.cache/kapadmin');
    const [name = '', ...more] = readdirSync(folder);
    expect(more).toEqual([]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(path.join(folder, name), 'utf8'))).toMatchObject({
      users: ['admin', 'daemon', 'joe', 'linda'],
    });
  });

  it('are kept nowhere without a home', async () => {
    const cwd = makeFolder();
    const env = { ...account, KAPADMIN_META_URL: sandbox.urls.join() };
    const { stdout } = await runLine(['__complete', '--', 'user', 'show', ''], { cwd, home: '', env });
    expect([stdout.includes('joe'), readdirSync(cwd)]).toEqual([true, []]);
  });
});
