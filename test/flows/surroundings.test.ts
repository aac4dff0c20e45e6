import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, root } from '../../.tools/fresh.mjs';
import { makeFolder } from '../folder.js';
import { bin, cleanEnv } from './harness/program.js';

beforeAll(ensureBuilt);

/** A copy of the package that every account may read. */
function copyForAll(): string {
  const folder = makeFolder();
  chmodSync(folder, 0o755);
  for (const name of ['package.json', 'bin', 'dist'])
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  return path.join(folder, 'bin/kapadmin.js');
}

describe('an account that the system has no name and no home for, as in a container', () => {
  it('is served; what is kept below a home is refused with a word', async () => {
    const program = copyForAll();
    const account = process.getuid?.() === 0 ? { uid: 4242, gid: 4242 } : {};
    const run = async (...words: string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
        ...account,
        cwd: '/',
        env: {},
        encoding: 'utf8',
      });
      return { status, stdout, stderr };
    };
    expect(await run('user', 'list', '--meta-url', 'http://127.0.0.1:9', '--retries', '0')).toMatchObject({
      status: 3,
    });
    expect(await run('permission', 'list', '-o', 'name')).toMatchObject({ status: 0, stderr: '' });
    if (process.getuid?.() !== 0) return;
    const { status, stderr } = await run('profile', 'add', 'lab', '--meta-url', 'http://127.0.0.1:9');
    expect(stderr).toMatch(/^error: .*HOME is not set/);
    expect(status).toBe(2);
  });
});

describe('a working directory that is gone', () => {
  it('keeps no command from running; files in it are not found', async () => {
    const run = async (words: string) => {
      const script = `mkdir gone && cd gone && rmdir ../gone && exec "$0" "$1" ${words}`;
      const home = makeFolder();
      const options = { cwd: home, env: cleanEnv(home), encoding: 'utf8' } as const;
      const { status, stdout, stderr } = spawnSync('sh', ['-c', script, process.execPath, bin], options);
      return { status, stdout, stderr };
    };
    expect(await run('permission list -o name')).toMatchObject({ status: 0, stderr: '' });
    const { status, stderr } = await run('config check kapacitor.conf');
    expect(stderr).toMatch(/^error: .*gone\/kapacitor\.conf: no such file or directory$/m);
    expect(status).toBe(2);
  });
});
