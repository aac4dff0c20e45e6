// Which modules of src run in a command: the sources are compiled file by file, and V8 reports which functions were called.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { root } from '../build.mjs';
import { startSandbox } from './start-sandbox.mjs';

const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

async function compile(folder) {
  const entryPoints = readdirSync(path.join(root, 'src'), { recursive: true })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => path.join(root, 'src', file));
  const define = { KAPADMIN_VERSION: JSON.stringify(version) };
  await build({
    entryPoints,
    outdir: path.join(folder, 'src'),
    format: 'esm',
    platform: 'node',
    target: 'node20',
    define,
  });
  writeFileSync(
    path.join(folder, 'kapadmin.mjs'),
    "const { main } = await import('./src/cli/main.js');\nawait main();\n",
  );
  return path.join(folder, 'kapadmin.mjs');
}

/** The modules in which at least one function was called; what only runs when a module loads does not count. */
function calledModules(folder, coverage) {
  const called = new Set();
  for (const file of readdirSync(coverage)) {
    for (const { url, functions } of JSON.parse(readFileSync(path.join(coverage, file), 'utf8')).result) {
      if (!url.startsWith('file:')) continue;
      const module = path.relative(path.join(folder, 'src'), fileURLToPath(url));
      const ran = functions.some(({ functionName, ranges }) => functionName !== '' && ranges[0].count > 0);
      if (ran && !module.startsWith('..')) called.add(module.replace(/\.js$/, '.ts'));
    }
  }
  return [...called].toSorted();
}

/** Command, in words -> the modules that run in it, against a sandbox. */
export async function traceModules(commands) {
  const cache = path.join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, 'trace-'));
  const { PATH } = process.env;
  const env = { PATH, HOME: folder, KAPADMIN_META_USERNAME: 'admin', KAPADMIN_META_PASSWORD: 'changeit' };
  let running;
  try {
    const program = await compile(folder);
    running = await startSandbox(env);
    env.KAPADMIN_META_URL = running.url;
    const run = (words, more = {}) => {
      const options = { env: { ...env, ...more }, cwd: folder, input: 'Pa5sw0Rd\n', encoding: 'utf8' };
      const { status, stderr } = spawnSync(process.execPath, [program, ...words], options);
      if (status !== 0) throw new Error(`kapadmin ${words.join(' ')} ended with ${status}: ${stderr}`);
    };
    run(['user', 'create', 'johndoe', '--password-stdin']);
    const traced = {};
    for (const [i, words] of commands.entries()) {
      const coverage = path.join(folder, `coverage-${i}`);
      run(words, { NODE_V8_COVERAGE: coverage });
      traced[words.join(' ')] = calledModules(folder, coverage);
    }
    return traced;
  } finally {
    running?.sandbox.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
