import { mkdirSync } from 'node:fs';
import path from 'node:path';
import bcrypt from 'bcryptjs';
import { build } from 'esbuild';
import { bundling } from '../../build/options.mjs';
import { root } from '../../fresh.mjs';
import { smallScenario } from '../../small-scenario.mjs';
import { withFiles } from './large.mjs';
import { startNode } from './node.mjs';
import { lifetimes } from './processes.mjs';

const program = path.join(root, 'bin/kapadmin.js');
const rounds = 41;
const name = 'user1';
const password = 'pa55word';

const configuration = (port) => `hostname = "localhost"
data_dir = "/var/lib/kapacitor"

[http]
  bind-address = ":9092"
  auth-enabled = true

[auth]
  enabled = true
  cache-expiration = "10m"
  bcrypt-cost = 4
  meta-addr = "127.0.0.1:${port}"
`;

/** Ten users with a hash of cost 4. */
function answers() {
  const hash = bcrypt.hashSync(password, 4);
  const users = Array.from({ length: 10 }, (_, i) => ({
    name: `user${i}`,
    hash,
    permissions: { '': ['KapacitorAPI', 'ReadData'] },
  }));
  return {
    '/user': JSON.stringify({ users }),
    [`/user?name=${name}`]: JSON.stringify({ users: [users[1]] }),
    '/role': '{"roles":[]}',
  };
}

function commands(url) {
  const login = ['--url', 'http://127.0.0.1:9092/kapacitor/v1/tasks', '--user', name, '--password', password];
  return {
    version: { words: ['--version'] },
    help: { words: ['--help'] },
    scenario: { words: ['auth', 'test', '--scenario', 'access.yaml'] },
    'config check': { words: ['config', 'check', 'kapacitor.conf', '--no-env'], code: 1 },
    'user list': { words: ['user', 'list'], env: { KAPADMIN_META_URL: url } },
    login: { words: ['auth', 'test', ...login, '--kapacitor-conf', 'kapacitor.conf', '--no-env'] },
  };
}

/** Bundles a program of lib/ with undici: as kapadmin is, all left out that it leaves out, or as esbuild does by itself. */
async function bundle(file, folder, isSlim) {
  const outfile = path.join(folder, file.replace('.mjs', '.cjs'));
  const { plugins } = bundling('');
  await build({
    entryPoints: [path.join(import.meta.dirname, file)],
    outfile,
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    plugins: isSlim ? plugins : [],
    logLevel: 'error',
  });
  return outfile;
}

async function measureIn(folder, node) {
  const home = path.join(folder, 'home');
  mkdirSync(home);
  const ours = Object.entries(commands(node.url)).flatMap(([key, { words, env, code }]) => {
    const command = { args: [program, ...words], env: { HOME: home, ...env }, cwd: folder, code };
    return [
      [key, command],
      [`${key}, cold`, { ...command, cold: true }],
      [`${key}, terminal`, { ...command, terminal: true }],
    ];
  });
  const theirs = [
    ['node -e 0', { args: ['-e', '0'] }],
    ['node -e 0, terminal', { args: ['-e', '0'], terminal: true }],
    ['ten lines', { args: [await bundle('ten-lines.mjs', folder, true), node.url] }],
    ['ten lines, usual', { args: [await bundle('ten-lines-usual.mjs', folder, false), node.url] }],
  ];
  const all = [...theirs, ...ours];
  const times = await lifetimes(
    all.map(([, command]) => command),
    rounds,
  );
  return new Map(all.map(([key], i) => [key, times[i]]));
}

async function measure() {
  const node = await startNode();
  try {
    await node.set({ answers: answers() });
    const files = {
      'access.yaml': smallScenario(name, password),
      'kapacitor.conf': configuration(new URL(node.url).port),
    };
    return await withFiles(files, (folder) => measureIn(folder, node));
  } finally {
    node.close();
  }
}

let measured;

/**
 * A row of the start of a command, all of them measured in turns in one run. The warm ones have the code that an
 * earlier call has kept; the cold ones keep it.
 * @param {string} ours a key of `commands`, with `, cold` for a first call and `, terminal` for one in a terminal
 * @param {'node -e 0' | 'node -e 0, terminal' | 'ten lines' | 'ten lines, usual'} base
 */
export async function startRow(ours, against = '`node -e 0`', base = 'node -e 0') {
  const times = await (measured ??= measure());
  return { ours: times.get(ours), base: times.get(base), unit: 'ms', against };
}
