// The processor time of whole commands, from their start to their end.
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import bcrypt from 'bcryptjs';
import { root } from '../fresh.mjs';
import { smallScenario } from '../small-scenario.mjs';
import { cpuTimes } from './lib/cpu-time.mjs';
import { withFiles } from './lib/large.mjs';
import { startNode } from './lib/node.mjs';

const program = path.join(root, 'bin/kapadmin.js');
const rounds = 21;
const name = 'user1';
const password = 'pa55word';

const configuration = (port) => `[http]
  auth-enabled = true
[auth]
  enabled = true
  cache-expiration = "10m"
  bcrypt-cost = 4
  meta-addr = "127.0.0.1:${port}"
`;

/** Ten users with a hash of cost 4. */
function responses() {
  const hash = bcrypt.hashSync(password, 4);
  const permissions = { '': ['KapacitorAPI', 'ReadData'] };
  const users = Array.from({ length: 10 }, (_, i) => ({ name: `user${i}`, hash, permissions }));
  return {
    '/user': JSON.stringify({ users }),
    [`/user?name=${name}`]: JSON.stringify({ users: [users[1]] }),
    '/role': '{"roles":[]}',
  };
}

/** Row -> the command, what it is compared with, and its limits. */
function commandsFor(url, standalone) {
  const login = ['--url', 'http://127.0.0.1:9092/kapacitor/v1/tasks', '--user', name, '--password', password];
  const ours = (...args) => ({ file: process.execPath, args: [program, ...args] });
  return {
    '`--version`': { ...ours('--version'), limits: { 20: 1.7, 24: 1.9 } },
    '`--help`': { ...ours('--help'), limits: { 20: 2.5, 24: 2.5 } },
    '`config check`': {
      ...ours('config', 'check', 'kapacitor.conf', '--no-env'),
      limits: { 20: 4.5, 24: 4.5 },
    },
    'small `auth test --scenario`': {
      ...ours('auth', 'test', '--scenario', 'access.yaml'),
      limits: { 20: 6, 24: 5.5 },
    },
    '`user list`, 10 users': {
      ...ours('user', 'list'),
      against: 'ten lines of undici',
      limits: { 20: 1.1, 24: 1.1 },
    },
    '`auth test --url`, hash of cost 4': {
      ...ours('auth', 'test', ...login, '--kapacitor-conf', 'kapacitor.conf', '--no-env'),
      limits: { 20: 14, 24: 10.5 },
    },
    'standalone executable: `user list`': { file: standalone, args: ['user', 'list'], limits: { 20: 4 } },
  };
}

async function measure(folder, url) {
  const home = path.join(folder, 'home');
  mkdirSync(home);
  const script = path.join(root, '.tools/standalone.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, path.join(folder, 'standalone')]);
  const tenLines = path.join(import.meta.dirname, 'lib/ten-lines.mjs');
  const commands = commandsFor(url, stdout.trim());
  const bases = {
    '`node -e 0`': { file: process.execPath, args: ['-e', '0'] },
    'ten lines of undici': { file: process.execPath, args: [tenLines, url] },
  };
  const env = { HOME: home, KAPADMIN_META_URL: url };
  const times = await cpuTimes({ ...bases, ...commands }, { rounds, cwd: folder, env });
  return Object.entries(commands).map(([row, { against = '`node -e 0`', limits }]) => ({
    name: row,
    against,
    ours: times.get(row),
    base: times.get(against),
    unit: 'ms',
    limits,
  }));
}

export async function run() {
  const node = await startNode();
  try {
    await node.set({ answers: responses() });
    const files = {
      'access.yaml': smallScenario(name, password),
      'kapacitor.conf': configuration(new URL(node.url).port),
    };
    return await withFiles(files, (folder) => measure(folder, node.url));
  } finally {
    node.close();
  }
}
