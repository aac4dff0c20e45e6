import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { overHttp } from '../sandbox/meta-node/over-http.js';
import { kapadmin, openTerminal, registerSecret, start } from './harness.js';

const password = registerSecret('Pa5sw0Rd-of-johndoe');
const seed = `users: [{ name: johndoe, password: ${password}, permissions: { telegraf: [ReadData] } }]`;

/** A sandbox with a Kapacitor that knows johndoe, for the time of `use`. */
async function withKapacitor(
  use: (kapacitor: string, env: Record<string, string>, login: (password: string) => Promise<number>) => Promise<void>,
) {
  const file = path.join(makeFolder({ 'seed.yaml': seed }), 'seed.yaml');
  const sandbox = await start(['sandbox', '--port', '0', '--bcrypt-cost', '4', '-o', 'json', '--seed', file]);
  const ready = JSON.parse(await sandbox.waitFor('\n')) as { meta: string[]; kapacitor: string };
  const account = { KAPADMIN_META_USERNAME: 'admin', KAPADMIN_META_PASSWORD: 'changeit' };
  const login = async (word: string) =>
    (await overHttp(ready.kapacitor, 'GET /kapacitor/v1/tasks', { as: `johndoe:${word}` })).status;
  await use(ready.kapacitor, { KAPADMIN_META_URL: ready.meta[0] ?? '', ...account }, login);
  sandbox.signal('SIGTERM');
  await sandbox.ended;
}

const words = (kapacitor: string) => [
  'auth',
  'flush',
  'johndoe',
  '--kapacitor',
  kapacitor,
  '--kapacitor-user',
  'admin',
];

describe('auth flush', () => {
  it('in a pipe', () =>
    withKapacitor(async (kapacitor, env, login) => {
      expect(await login(password)).toBe(403);
      const granted = await kapadmin(['user', 'grant', 'johndoe', 'KapacitorAPI'], { env });
      expect(granted.stderr).toContain('or at once with: kapadmin auth flush johndoe --kapacitor URL\n');
      expect(await login(password)).toBe(403);
      const ended = await kapadmin([...words(kapacitor), '--password-stdin'], { stdin: 'changeit\n' });
      expect(ended).toEqual({
        code: 0,
        stdout: `flushed johndoe from the caches of Kapacitor at ${kapacitor}\n`,
        stderr: '',
      });
      expect(await login(password)).toBe(200);
    }));

  it('with -o json', () =>
    withKapacitor(async (kapacitor, env, login) => {
      await kapadmin(['user', 'grant', 'johndoe', 'KapacitorAPI'], { env });
      expect(await login(password)).toBe(200);
      await kapadmin(['user', 'revoke', 'johndoe', 'KapacitorAPI'], { env });
      expect(await login(password)).toBe(200);
      const ended = await kapadmin([...words(kapacitor), '--password-env', 'PW', '-o', 'json'], {
        env: { PW: 'changeit' },
      });
      const result = { kapacitor, user: 'johndoe', status: 'flushed', deletedLocal: false };
      expect(JSON.parse(ended.stdout)).toEqual({ dryRun: false, results: [result], expiry: null });
      expect(await login(password)).toBe(403);
    }));

  it('in a terminal', () =>
    withKapacitor(async (kapacitor, env, login) => {
      await kapadmin(['user', 'grant', 'johndoe', 'KapacitorAPI'], { env });
      expect(await login(password)).toBe(200);
      const fresh = registerSecret('n3w-Pa5sw0Rd');
      await kapadmin(['user', 'passwd', 'johndoe', '--password-stdin'], { env, stdin: fresh });
      expect(await login(password)).toBe(200);
      const terminal = await openTerminal(words(kapacitor).slice(0, 5));
      await terminal.sees('Account of Kapacitor');
      terminal.type('admin');
      terminal.press('enter');
      await terminal.sees('Password of admin at Kapacitor');
      terminal.type('changeit');
      terminal.press('enter');
      await terminal.sees(`flushed johndoe from the caches of Kapacitor at ${kapacitor}`);
      expect(await terminal.ended).toBe(0);
      expect([await login(password), await login(fresh)]).toEqual([401, 200]);
    }));
});
