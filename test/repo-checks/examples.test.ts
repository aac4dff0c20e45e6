import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { readTree } from '../../.tools/docs/read.mjs';
import { commandSections, topLevelCommands } from '../../src/commands/index.js';
import { run } from '../../src/cli/run.js';
import { Secret } from '../../src/model/secret.js';
import { commonFormats, declareGlobalFlags } from '../../src/settings/flags.js';
import { cluster, type Small, type TestCluster } from '../cli/cluster.js';
import { conf, kapacitorOf } from '../cli/login.js';
import { makeTestContext } from '../context.js';
import { makeFolder } from '../folder.js';
import { runLine, type Ran } from '../run.js';
import { readExample, type ExampleCommand } from './example.js';

const { groups } = await readTree({ commandSections, topLevelCommands, declareGlobalFlags, commonFormats, Command });
const commands = groups.flatMap((group) => group.commands);
const examples = commands.flatMap((command) =>
  (command.examples ?? '').split('\n').map((line) => ({ line, command: command.words, steps: readExample(line) })),
);

/** What asks at a terminal, and so ends with 2 where there is none. */
const asking = [
  'kapadmin user create johndoe',
  'kapadmin user passwd johndoe',
  'kapadmin user delete johndoe',
  'kapadmin role delete kapacitor',
  'kapadmin profile remove lab',
  'kapadmin acl restrict read write --db telegraf',
  'kapadmin acl delete restriction/3',
  'kapadmin bootstrap admin',
  'kapadmin doctor --conformance report.json',
  'kapadmin auth flush johndoe --kapacitor http://localhost:9092 --kapacitor-user admin',
  'kapadmin config fix /etc/kapacitor/kapacitor.conf --write',
];

/** What was run before an example that names its file. */
const before = [
  ['auth', 'matrix', '-o', 'json', '--out', 'monday.json'],
  ['plan', 'access/', '--out', 'plan.json'],
];

/** What is not there yet, where these commands make it. */
const made = new Map([
  ['user create', ['johndoe', 'writer']],
  ['role create', ['kapacitor']],
  ['role rename', ['kapacitor']],
  ['profile add', ['prod', 'lab']],
]);

const everybody: Required<Small> = {
  users: {
    johndoe: { '': ['KapacitorAPI', 'KapacitorConfigAPI'] },
    janedoe: {},
    writer: { telegraf: ['ReadData', 'WriteData'] },
    'team-a': { telegraf: ['WriteData'] },
    old1: {},
    old2: {},
  },
  roles: {
    kapacitor: { permissions: { '': ['KapacitorAPI', 'KapacitorConfigAPI'] }, users: ['johndoe', 'janedoe'] },
    kapa: { permissions: { '': ['KapacitorAPI'] }, users: ['johndoe'] },
    readers: { permissions: { telegraf: ['ReadData'] } },
    services: {},
    old1: {},
    old2: {},
  },
};

function without<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));
}

const scenario = `
kapacitor: { config: "[http]\\n  auth-enabled = true\\n" }
meta: { users: [{ name: johndoe, password: pw, permissions: { '': [KapacitorAPI] } }] }
steps: [{ request: { path: /kapacitor/v1/ping }, expect: { verdict: allow } }]
`;

/** A home with all that the examples name, beside a cluster. */
function homeFor(command: string, { urls: [url = ''] }: TestCluster): string {
  const profiles = ['here', 'prod', 'lab', 'old', 'new-cluster'].filter((name) => !made.get(command)?.includes(name));
  const profile = { url, username: 'admin', password: 'changeit', timeout: '5s' };
  const config = { default: 'here', profiles: Object.fromEntries(profiles.map((name) => [name, profile])) };
  return makeFolder({
    '.config/kapadmin/config.yaml': JSON.stringify(config),
    '.kapacitor/kapacitor.conf': conf(url),
    'etc/kapacitor/kapacitor.conf': conf(url).replace('5m', '5 m'),
    '.meta-password': 'changeit\n',
    'access.yaml': scenario,
    'access/writer.yaml': 'users: { writer: { permissions: { billing: [WriteData] } } }\n',
    'admin-password': 'Pa5sw0Rd\n',
    'ca.pem': 'no certificate\n',
    'kapacitor.conf': conf(url),
    'kapacitor.env': 'KAPACITOR_AUTH_CACHE_EXPIRATION=1m\n',
    'new-password': 'Pa5sw0Rd\n',
    password: 'changeit\n',
    pw: 'pw-johndoe\n',
    'users.yaml': 'users: { telegraf: { password: { generate: true } } }\n',
  });
}

interface Place {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  /** What the words name -> what is here. */
  readonly here: ReadonlyMap<string, string>;
}

/** Runs one command of an example; what runs on is interrupted when it has printed something. */
async function runCommand({ words, stdin }: ExampleCommand, piped: string, place: Place): Promise<Ran> {
  const { home, env, here } = place;
  const meant = words.map((word) => [...here].reduce((text, [there, by]) => text.replace(there, by), word));
  const input = stdin === undefined ? piped : readFileSync(path.join(home, stdin), 'utf8');
  const options = { cwd: home, home, env, stdin: input };
  const isSandbox = words[0] === 'sandbox';
  if (!isSandbox) return runLine(meant, options);
  const context = makeTestContext({
    ...options,
    out: (text) => {
      context.interrupt();
      return Promise.resolve(expect(text).not.toBe(''));
    },
  });
  const code = await run([...meant, '--port', '0'], context);
  const stderr = context.stderr().replace(/^error: stopped by SIGINT.*\n/m, '');
  return { code: code === 130 ? 0 : code, stdout: context.stdout(), stderr };
}

describe('the examples of the help texts', () => {
  it.each(commands)('$words has two or more', ({ examples: lines = '' }) => {
    expect(lines.split('\n').length).toBeGreaterThan(1);
  });

  it.each(commands)('the notes of $words fit a terminal of 80 columns', ({ notes }) => {
    expect(notes.split('\n').filter((line) => line.length > 82)).toEqual([]);
  });

  it('ask only where this is known', () => {
    const lines = examples.map(({ line }) => line);
    expect(asking.filter((line) => !lines.includes(line))).toEqual([]);
  });

  it.each(examples)('$line', async ({ line, command, steps }) => {
    const gone = made.get(command) ?? [];
    const alone = { admin: command === 'bootstrap' ? null : { username: 'admin', password: new Secret('changeit') } };
    const small = { users: without(everybody.users, gone), roles: without(everybody.roles, gone) };
    const there = command === 'bootstrap' ? await cluster({}, alone) : await cluster(small);
    const home = homeFor(command, there);
    const here = new Map([['/etc/', `${home}/etc/`]]);
    if (command === 'doctor' || command === 'auth flush') {
      for (const url of ['http://localhost:9092', 'https://k1:9092', 'https://k2:9092']) {
        here.set(url, await kapacitorOf(there));
      }
    }
    const env = { KAPADMIN_WAIT: '1s' };
    for (const db of command === 'acl delete' ? ['telegraf', 'stats'] : []) {
      await there.run(['acl', 'grant', 'read', '--db', db, '--user', 'johndoe']);
    }
    const place: Place = { home, env, here };
    for (const earlier of before.filter((each) => line.includes(each.at(-1) ?? ''))) {
      expect((await runLine(earlier, { cwd: home, home, env })).stderr).not.toMatch(/^error:/m);
    }
    let piped = 'pw-johndoe\n';
    for (const step of steps) {
      const ran = await runCommand(step, piped, place);
      if (asking.includes(line)) expect(ran).toMatchObject({ code: 2, stderr: expect.stringMatching(/terminal/) });
      else {
        expect(ran.stderr).not.toMatch(/^error:/m);
        expect([0, 1]).toContain(ran.code);
      }
      piped = ran.stdout;
    }
    expect(steps.length).toBeGreaterThan(0);
  });
});
