import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { spawn } from '@lydell/node-pty';
import { Secret } from '../../src/model/secret.js';
import { parseFaults } from '../../src/sandbox/faults.js';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import { makeFolder } from '../folder.js';
import { registerSecret, start, withSandbox } from './harness.js';
import { bin, cleanEnv, type Surroundings } from './harness/program.js';
import { recordOutput } from './harness/secrets.js';

const password = registerSecret('Pa5sw0Rd-of-the-many');
const names = Array.from({ length: 2000 }, (_, i) => `user${i}`);

/** The URL of a node that takes requests and never answers, for the time of `use`. */
async function withDeafNode(use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).finally(() => {
    server.close();
    server.closeAllConnections();
  });
}

/** A cluster of so many users, each answer late by `delay`. */
function many(count: number, delay?: string): SandboxOptions {
  const users = names.slice(0, count).map((name) => {
    const permissions = new Map([['', ['KapacitorAPI', 'ReadData']]]);
    return { name, password: new Secret(password), ldap: false, permissions };
  });
  const faults = delay === undefined ? {} : { faults: { plan: parseFaults(`delay=${delay}`), seed: 1 } };
  return { seed: { users, roles: [] }, ...faults };
}

interface Told {
  readonly changes: readonly { readonly name: string; readonly status: string }[];
}

describe('the built program, stopped', () => {
  it.each([
    ['user delete', ['--yes'], 'SIGTERM', 143],
    ['user rotate', ['--yes', '--passwords-out', 'made', '--no-env'], 'SIGINT', 130],
  ] as const)(
    'in the middle of %s of several names what was done and what not',
    async (command, flags, signal, exit) => {
      await withSandbox(many(300, '30ms'), async ({ env }) => {
        const home = makeFolder();
        const words = [...command.split(' '), ...flags, '-o', 'json', '--show-request', ...names.slice(0, 300)];
        const running = await start(words, { home, env });
        await running.waitFor(/(POST[^]*){3}/, 'stderr');
        running.signal(signal);
        const { code, stdout, stderr } = await running.ended;
        expect(code).toBe(exit);
        const { changes } = JSON.parse(stdout) as Told;
        const count = (wanted: string) => changes.filter(({ status }) => status === wanted).length;
        expect([count('done') > 0, count('not-started') > 0, changes.length]).toEqual([true, true, 300]);
        expect(JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '')).toHaveProperty('error.message');
        expect(stderr).not.toMatch(/\n\s+at /);
        if (command === 'user rotate') {
          const made = readFileSync(path.join(home, 'made'), 'utf8');
          for (const { name, status } of changes) if (status === 'done') expect(made).toContain(`{"name":"${name}"`);
        }
      });
    },
  );

  it.each([
    ['export --out', ['export', '--out', 'access.yaml'], 'SIGINT', 130],
    ['auth matrix -o html --out', ['auth', 'matrix', '-o', 'html', '--out', 'access.html'], 'SIGHUP', 129],
  ] as const)('in the middle of %s leaves no file', async (_, words, signal, exit) => {
    await withDeafNode(async (url) => {
      const home = makeFolder();
      const running = await start([...words, '--show-request', '--meta-url', url], { home });
      await running.waitFor('curl', 'stderr');
      running.signal(signal);
      const { code, stdout, stderr } = await running.ended;
      expect([code, stdout, readdirSync(home)]).toEqual([exit, '', []]);
      expect(stderr).toMatch(/^error: .*interrupted/m);
    });
  });

  it('while auth test waits for a meta node that does not respond', async () => {
    await withDeafNode(async (url) => {
      const conf = `[http]\nauth-enabled = true\n[auth]\nenabled = true\nbcrypt-cost = 4\nmeta-addr = "${url.slice(7)}"\n`;
      const home = makeFolder({ 'k.conf': conf });
      const words = [
        'auth',
        'test',
        '--url',
        'http://k:9092/kapacitor/v1/tasks',
        '--user',
        'user0',
        '--password-stdin',
      ];
      const flags = ['--kapacitor-conf', 'k.conf', '--no-env', '--show-request'];
      const running = await start([...words, ...flags], { home, stdin: password });
      await running.waitFor('curl', 'stderr');
      running.signal('SIGTERM');
      const { code, stdout, stderr } = await running.ended;
      expect([code, stdout]).toEqual([143, '']);
      expect(stderr).toMatch(/^error: stopped by SIG[A-Z]+ while waiting for the meta node; nothing was changed$/m);
    });
  });

  it('by SIGHUP as a sandbox keeps its state', async () => {
    const home = makeFolder();
    const running = await start(['sandbox', '--port', '0', '--bcrypt-cost', '4', '--data', 'data', '--no-kapacitor'], {
      home,
    });
    await running.waitFor('Press Ctrl-C to stop');
    running.signal('SIGHUP');
    expect((await running.ended).code).toBe(129);
    expect(JSON.parse(readFileSync(path.join(home, 'data'), 'utf8'))).toHaveProperty('users');
    expect(readdirSync(home)).toEqual(['data']);
  });
});

/** Runs a line of bash in which `"$@"` is the program with these words. */
async function inShell(script: string, words: readonly string[], { home = makeFolder(), env }: Surroundings) {
  const args = ['-c', script, 'bash', process.execPath, bin, ...words];
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile('bash', args, { cwd: home, env: cleanEnv(home, env) }, (_, stdout, stderr) => {
      recordOutput(words.join(' '), stdout + stderr);
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

describe('a reader that takes the first line alone', () => {
  it('is no error of any command with long output', async () => {
    await withSandbox(many(2000), async ({ env }) => {
      for (const [line, first] of [
        ['user list', /^NAME/],
        ['user list -o json', /^\[/],
        ['auth matrix', /^\S/],
        ['auth matrix -o html', /^<!doctype html>/i],
        ['export', /^\S/],
      ] as const) {
        const ran = await inShell('"$@" | head -n 1; exit "${PIPESTATUS[0]}"', line.split(' '), { env });
        expect({ line, ...ran }).toEqual({ line, code: 0, stdout: expect.stringMatching(first), stderr: '' });
        expect(ran.stdout.split('\n')).toHaveLength(2);
      }
    });
  });
});

describe('a standard output that is full', () => {
  it('is an error that says what was done', async () => {
    await withSandbox(many(1), async ({ env }) => {
      const told = 'cannot write to standard output: no space left on the device';
      const list = await inShell('"$@" > /dev/full', ['user', 'list'], { env });
      expect(list).toEqual({ code: 7, stdout: '', stderr: `error: done, but ${told}\n` });
      const made = await inShell('"$@" > /dev/full', ['user', 'create', 'new', '--generate'], { env });
      expect(made.code).toBe(7);
      expect(made.stderr).toContain(`error: done, but ${told}\nThe generated password is lost`);
    });
  });
});

type Lost = (words: readonly string[], shows: string, surroundings: Surroundings) => Promise<number>;

/** Starts a command in a terminal that is closed, as a window is, once it shows this. */
async function inLostTerminal(command: readonly string[], shows: string, { home = '', env }: Surroundings) {
  const [file = '', ...args] = command;
  const pty = spawn(file, args, { cols: 100, cwd: home, env: cleanEnv(home, { TERM: 'xterm', ...env }) });
  const ended = new Promise<number>((resolve) => pty.onExit(({ exitCode, signal }) => resolve(signal || exitCode)));
  await new Promise<void>((resolve) => {
    let raw = '';
    pty.onData((text) => {
      raw += text;
      if (raw.includes(shows)) resolve();
    });
  });
  // The type leaves it out: it closes our end.
  (pty as unknown as { destroy(): void }).destroy();
  return ended;
}

/** The program leads the session, as behind ssh: it is told by SIGHUP. */
const asLeader: Lost = (words, ...more) => inLostTerminal([process.execPath, bin, ...words], ...more);

/** A shell leads the session and passes no signal on: only what is written fails. */
const behindShell: Lost = async (words, shows, surroundings) => {
  const { home = '' } = surroundings;
  const script = 'trap : HUP; echo started; "$@" 2> told; echo $? > code';
  await inLostTerminal(['bash', '-c', script, 'bash', process.execPath, bin, ...words], shows, surroundings);
  return Number(readFileSync(path.join(home, 'code'), 'utf8'));
};

describe('a terminal that goes away', () => {
  it('ends apply with 129, its file of generated passwords whole', async () => {
    await withSandbox({ faults: { plan: parseFaults('delay=20ms'), seed: 1 } }, async ({ env }) => {
      const users = Object.fromEntries(names.slice(0, 300).map((name) => [name, { password: { generate: true } }]));
      const home = makeFolder({ 'state.json': JSON.stringify({ users }) });
      const words = ['apply', 'state.json', '--passwords-out', 'made', '--concurrency', '2'];
      expect(await asLeader(words, 's left', { home, env })).toBe(129);
      const lines = readFileSync(path.join(home, 'made'), 'utf8').trimEnd().split('\n');
      expect(lines.length).toBeLessThan(300);
      for (const line of lines) expect(JSON.parse(line)).toHaveProperty('password');
      expect(readdirSync(home).toSorted()).toEqual(['made', 'state.json']);
    });
  });

  it.each([
    ['a sandbox', ['sandbox', '--port', '0', '--bcrypt-cost', '4'], 'Press Ctrl-C to stop'],
    ['a read', ['user', 'list', '--show-request'], 'curl'],
  ])('ends %s with 129', async (_, words, shows) => {
    await withDeafNode(async (url) => {
      const home = makeFolder();
      expect(await asLeader(words, shows, { home, env: { KAPADMIN_META_URL: url } })).toBe(129);
      expect(readdirSync(home)).toEqual([]);
    });
  });

  it('ends with 129 a read whose output is lost', async () => {
    await withSandbox(many(1, '500ms'), async ({ env }) => {
      const home = makeFolder();
      expect(await behindShell(['user', 'list'], 'started', { home, env })).toBe(129);
      expect(readFileSync(path.join(home, 'told'), 'utf8')).toBe(
        'error: done, but cannot write to standard output: input/output error\n',
      );
    });
  });
});
