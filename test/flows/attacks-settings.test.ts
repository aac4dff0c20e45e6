import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { kapadmin, withSandbox } from './harness.js';
import { bin, cleanEnv, endLater } from './harness/program.js';

/** Runs before the program in its process. */
const hooks = makeFolder({
  // Writes down where each socket is connected to.
  'connects.cjs': `
const { appendFileSync } = require('node:fs');
const { Socket } = require('node:net');
const { connect } = Socket.prototype;
Socket.prototype.connect = function (...given) {
  const [first] = Array.isArray(given[0]) ? given[0] : given;
  const { host = 'localhost', port, path } = typeof first === 'object' ? first : { port: first };
  appendFileSync(process.env.CONNECTS, (path ?? host + ':' + port) + '\\n');
  return connect.apply(this, given);
};`,
  // A disk that never gets done.
  'stuck-disk.cjs': `
const { open } = require('node:fs/promises');
const ready = open(__filename).then(async (handle) => {
  Object.getPrototypeOf(handle).sync = () => new Promise(() => setInterval(() => {}, 1000));
  await handle.close();
});`,
});

function hook(name: string): string {
  return `--require ${path.join(hooks, name)}`;
}

/** A server that nobody named but the folder. */
const stranger = createServer((socket) => {
  visits += 1;
  socket.on('error', () => undefined).destroy();
});
let visits = 0;
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
});
afterAll(() => stranger.close());
beforeEach(() => void (visits = 0));

/** What tools, this one of old included, read from a working directory; each names the stranger. */
function hostileFiles(): Record<string, string> {
  const rc = `url: ${url}\n`;
  const profiles = `default: evil\nprofiles:\n  evil: { url: "${url}", username: x, password: y }\n`;
  const code = `require('node:http').get('${url}'); module.exports = { url: '${url}' };`;
  const conf = `[auth]\n  enabled = true\n  meta-addr = "${url.slice(7)}"\n[[influxdb]]\n  urls = ["${url}"]\n`;
  return {
    '.kapadminrc': rc,
    '.kapadminrc.yaml': rc,
    '.kapadminrc.json': JSON.stringify({ url }),
    '.kapadminrc.js': code,
    '.kapadminrc.cjs': code,
    'kapadmin.config.cjs': code,
    '.config/kapadminrc.yaml': rc,
    '.config/kapadmin/config.yaml': profiles,
    'kapadmin/config.yaml': profiles,
    'config.yaml': profiles,
    'package.json': JSON.stringify({ kapadmin: { url } }),
    '.env': `KAPADMIN_META_URL=${url}\nHTTP_PROXY=${url}\n`,
    'kapacitor.conf': conf,
    'access.yaml': 'users:\n  a: { password: { env: TOKEN } }\n',
  };
}

const lines = [
  'apply access.yaml',
  'bootstrap root --password-env TOKEN',
  'user create bob --password-env TOKEN',
  'doctor --no-env',
];

describe('attack H2: a hostile folder as working directory, the built program', () => {
  async function connects(line: string, home: string, env: Record<string, string>) {
    const cwd = makeFolder(hostileFiles());
    const log = path.join(makeFolder(), 'connects');
    writeFileSync(log, '');
    const given = { TOKEN: 'hush-hush-token', KAPADMIN_RETRIES: '0', NODE_OPTIONS: hook('connects.cjs') };
    const ended = await kapadmin(line.split(' '), { cwd, home, env: { ...env, ...given, CONNECTS: log } });
    expect(ended.stdout + ended.stderr).not.toContain(given.TOKEN);
    return { ...ended, to: new Set(readFileSync(log, 'utf8').split('\n').slice(0, -1)) };
  }

  it.each(lines)('with a profile of its own, connects to the node of that profile alone: %s', async (line) => {
    await withSandbox({}, async ({ urls: [node = ''], env: account }) => {
      const password = account['KAPADMIN_META_PASSWORD'] ?? '';
      const config = `default: mine\nprofiles:\n  mine: { url: "${node}", username: admin, password: "${password}" }\n`;
      const home = makeFolder({ '.config/kapadmin/config.yaml': config });
      const { to } = await connects(line, home, {});
      expect([line, [...to], visits]).toEqual([line, [new URL(node).host], 0]);
    });
  });

  it.each(lines)('with no connection of its own, connects to the default node alone: %s', async (line) => {
    const { to } = await connects(line, makeFolder(), {
      KAPADMIN_META_USERNAME: 'admin',
      KAPADMIN_META_PASSWORD: 'not for strangers',
    });
    expect([line, [...to], visits]).toEqual([line, ['localhost:8091'], 0]);
  });

  it('would be noticed: the stranger is asked where a flag names it', async () => {
    const { to } = await connects(`user list --meta-url ${url}`, makeFolder(), {});
    expect([...to]).toEqual([url.slice(7)]);
    expect(visits).toBeGreaterThan(0);
  });
});

describe('attack L13: an export that is killed while it writes', () => {
  it('leaves nothing that the next run in the folder does not remove', async () => {
    await withSandbox({}, async ({ env }) => {
      const home = makeFolder();
      const words = ['export', '--with-hashes', '--out', 'state.yaml'];
      const child = spawn(process.execPath, [bin, ...words], {
        cwd: home,
        env: cleanEnv(home, { ...env, NODE_OPTIONS: hook('stuck-disk.cjs') }),
        stdio: 'ignore',
      });
      endLater(() => child.kill('SIGKILL'));
      const half = () => readdirSync(home).find((name) => /^\.kapadmin-.+\.tmp$/.test(name)) ?? '';
      const end = Date.now() + 20_000;
      while (half() === '' || statSync(path.join(home, half())).size === 0) {
        if (Date.now() > end || child.exitCode !== null) throw new Error('the export writes no temporary file');
        await delay(10);
      }
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(readFileSync(path.join(home, half()), 'utf8')).toContain('hash');
      expect(existsSync(path.join(home, 'state.yaml'))).toBe(false);
      const { code, stderr } = await kapadmin(words, { home, env });
      expect([code, stderr.includes('error')]).toEqual([0, false]);
      expect(readdirSync(home).filter((name) => name.includes('kapadmin'))).toEqual([]);
      expect(readFileSync(path.join(home, 'state.yaml'), 'utf8')).toContain('admin');
    });
  });
});

describe('attack L12: six `profile add` at once', () => {
  it('leave six profiles', async () => {
    const home = makeFolder();
    const names = Array.from({ length: 6 }, (_, i) => `p${i}`);
    const ran = await Promise.all(
      names.map((name) => kapadmin(['profile', 'add', name, '--meta-url', `http://${name}:8091`], { home })),
    );
    expect(ran.map(({ code, stdout }, i) => [code, stdout.includes(`Added profile ${names[i] ?? ''}`)])).toEqual(
      names.map(() => [0, true]),
    );
    const { stdout } = await kapadmin(['profile', 'list', '-o', 'name'], { home });
    expect(stdout.trimEnd().split('\n').toSorted()).toEqual(names);
    const folder = path.join(home, '.config/kapadmin');
    expect(readdirSync(folder)).toEqual(['config.yaml']);
    expect(statSync(path.join(folder, 'config.yaml')).mode & 0o777).toBe(0o600);
  });
});
