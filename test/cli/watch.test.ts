import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/context.js';
import { run } from '../../src/main.js';
import { makeTestContext, type TestOptions } from '../context.js';
import { makeFolder } from '../folder.js';
import { cluster, runAlone, type TestCluster } from './cluster.js';
import { conf, tasks } from './login.js';
import { meddling } from './proxy.js';

type Step = () => Promise<unknown>;

/** Runs a watching command; each pause between two looks takes a step, and after the last one it is interrupted. */
async function watching(
  { urls }: TestCluster,
  argv: readonly string[],
  steps: readonly Step[],
  options: TestOptions = {},
) {
  const left = [...steps];
  let now = Date.UTC(2026, 0, 1, 12);
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
      if (ms !== 5000) return;
      const step = left.shift();
      if (step === undefined) context.interrupt();
      else await step();
    },
  };
  const env = {
    KAPADMIN_META_URL: urls.join(','),
    KAPADMIN_META_USERNAME: 'admin',
    KAPADMIN_META_PASSWORD: 'changeit',
    PW: 'pw-joe',
  };
  const context = makeTestContext({ ...options, env: { ...env, ...options.env }, clock });
  const code = await run([...argv, '--watch', '5s'], context);
  return { code, stdout: context.stdout(), stderr: context.stderr() };
}

const small = { users: { joe: { '': ['KapacitorAPI'] } } };
const nothing: Step = () => Promise.resolve();

describe('user list --watch', () => {
  it('prints a table when something changed, with the time and what', async () => {
    const there = await cluster(small);
    const { code, stdout, stderr } = await watching(
      there,
      ['user', 'list'],
      [
        nothing,
        () => there.run(['user', 'create', 'bob', '--generate']),
        nothing,
        () => there.run(['user', 'grant', 'joe', 'ReadData', '--db', 'telegraf']),
        () => there.run(['user', 'delete', 'bob', '--yes']),
      ],
    );
    expect(code).toBe(130);
    expect(stdout.replaceAll(/ +/g, ' ').replaceAll(/^admin .*\n/gm, '')).toBe(`2026-01-01 12:00:00 UTC
NAME PERMISSIONS ROLES
joe KapacitorAPI
2026-01-01 12:00:10 UTC
 + bob
NAME PERMISSIONS ROLES
bob
joe KapacitorAPI
2026-01-01 12:00:20 UTC
 joe: + ReadData on telegraf
NAME PERMISSIONS ROLES
bob
joe KapacitorAPI, ReadData (telegraf)
2026-01-01 12:00:25 UTC
 - bob
NAME PERMISSIONS ROLES
joe KapacitorAPI, ReadData (telegraf)
`);
    expect(stderr).toBe('error: stopped by SIGINT after 6 looks, 3 of them saw a change\n');
  });

  it.each(['json', 'yaml'])('prints a document for each change with -o %s', async (format) => {
    const there = await cluster(small);
    const { stdout } = await watching(
      there,
      ['user', 'list', '-o', format, '--permission', 'KapacitorAPI'],
      [
        () => there.run(['user', 'grant', 'joe', 'ReadData']),
        nothing,
        () => there.run(['user', 'revoke', 'joe', 'KapacitorAPI']),
      ],
    );
    if (format === 'yaml') return expect(stdout.split('---\n')).toHaveLength(4);
    const documents = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(documents).toMatchObject([
      [{ name: 'admin' }, { name: 'joe', permissions: { '': ['KapacitorAPI'] } }],
      [{ name: 'admin' }, { name: 'joe', permissions: { '': ['KapacitorAPI', 'ReadData'] } }],
      [{ name: 'admin' }],
    ]);
  });

  it('tells once that a node does not answer, watches on, and tells when it does again', async () => {
    const there = await cluster(small);
    let isDown = false;
    const url = await meddling(there.urls[0] ?? '', () => (isDown ? { status: 500, answer: '{}' } : undefined));
    const turn = async (): Promise<void> => void (isDown = !isDown);
    const { code, stdout, stderr } = await watching(
      { ...there, urls: [url] },
      ['user', 'list'],
      [turn, nothing, turn, nothing, turn, () => there.run(['user', 'delete', 'joe', '--yes']), turn],
    );
    expect(code).toBe(130);
    expect(stderr.match(/^warning: .*500.*; watching on$/gm)).toHaveLength(2);
    expect(stderr.match(/UTC: there are answers again$/gm)).toHaveLength(2);
    expect(stdout.match(/^ {2}.*$/gm)).toEqual(['  - joe']);
  });

  it('is a picture on a terminal, whose last one stays', async () => {
    const there = await cluster(small);
    const { code, stdout } = await watching(
      there,
      ['user', 'list', '--no-color'],
      [() => there.run(['role', 'create', 'r', '--user', 'joe'])],
      {
        terminal: true,
        columns: 60,
      },
    );
    expect(code).toBe(130);
    expect(stdout).toContain('12:00:05  joe: + role r');
    expect(stdout.split('\u001b[?1049l').at(-1)).toMatch(/^NAME[^]*joe +KapacitorAPI +r\n$/);
  });

  it.each([{ terminal: true, env: { TERM: 'dumb' } }, { terminal: { stderr: true } }])(
    'is no picture with %j',
    async (options) => {
      const { stdout } = await watching(await cluster(small), ['user', 'list', '--no-color'], [nothing], options);
      expect(stdout).not.toContain('\u001b');
      expect(stdout).toMatch(/^2026-01-01 12:00:00 UTC\nNAME/);
    },
  );

  it('ends with 0 when the reader has gone', async () => {
    const there = await cluster(small);
    const context = makeTestContext({
      env: {
        KAPADMIN_META_URL: there.urls.join(','),
        KAPADMIN_META_USERNAME: 'admin',
        KAPADMIN_META_PASSWORD: 'changeit',
      },
    });
    const io = { ...context.io, readerIsGone: () => true };
    expect(await run(['user', 'list', '--watch'], { ...context, io })).toBe(0);
  });
});

describe('auth test --watch', () => {
  it('tells when the answer changes, and is no exit code of its own', async () => {
    const there = await cluster(small);
    const folder = makeFolder({ 'kapacitor.conf': conf(there.urls[0] ?? '') });
    const argv = ['auth', 'test', '--kapacitor-conf', `${folder}/kapacitor.conf`, '--no-env', '--url', tasks];
    const { code, stdout, stderr } = await watching(
      there,
      [...argv, '--user', 'joe', '--password-env', 'PW'],
      [
        nothing,
        () => there.run(['user', 'revoke', 'joe', 'KapacitorAPI']),
        nothing,
        () => there.run(['user', 'grant', 'joe', 'KapacitorAPI']),
      ],
    );
    expect(code).toBe(130);
    const changes = stdout.split('\n').filter((line) => line.startsWith('  GET'));
    expect(changes).toEqual([
      expect.stringMatching(/^ {2}GET \/kapacitor\/v1\/tasks: allow \(allowed\) -> deny 403 .* \([a-z-]+\)$/),
      expect.stringMatching(/^ {2}GET \/kapacitor\/v1\/tasks: deny 403 .* -> allow \(allowed\)$/),
    ]);
    expect(stderr).toContain('stopped by SIGINT after 5 looks, 2 of them saw a change');
  });
});

describe('--watch is refused, and nothing is sent,', () => {
  it.each([
    [['user', 'list', '--watch', '50ms'], 'the interval is from 100ms to 24h'],
    [['user', 'list', '--watch', '1000h'], 'the interval is from 100ms to 24h'],
    [['user', 'list', '--watch', 'often'], '--watch: "often" is no duration'],
    [['user', 'list', '--watch', '-o', 'csv'], '--watch has no output "csv"'],
    [['user', 'list', '--watch', '-o', 'name'], '--watch has no output "name"'],
    [['user', 'list', '--watch', '--out', 'f'], '--watch writes no file'],
    [['auth', 'test', '--watch', '--scenario', 'x.yaml'], '--watch goes with --url'],
    [['auth', 'test', '--watch', '--url', tasks, '--record', 'x.yaml'], '--record is about one test'],
    [['auth', 'test', '--watch', '--url', tasks, '-o', 'junit'], '--watch has no output "junit"'],
  ])('with %j', async (argv, says) => {
    const { code, stderr } = await runAlone(argv);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
  });
});
