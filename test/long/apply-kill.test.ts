import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { compareSync } from 'bcryptjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createMetaClient } from '../../src/meta/client.js';
import { Secret } from '../../src/model/secret.js';
import { parseFaults, roll } from '../../src/sandbox/faults.js';
import { makeFolder } from '../folder.js';
import { kapadmin, start, withSandbox, type SandboxUse } from '../flows/harness.js';

const count = 150;
const moments = 20;
const names = Array.from({ length: count }, (_, i) => `user${i}`);

const state = JSON.stringify({
  users: Object.fromEntries(
    names.map((name, i) => [
      name,
      { password: { generate: true }, permissions: { '': ['KapacitorAPI'] }, roles: [`role${i % 10}`] },
    ]),
  ),
  roles: Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`role${i}`, { permissions: { '': ['ReadData'] } }])),
});

const words = ['apply', 'state.json', '--passwords-out', 'made', '--concurrency', '8', '-q'];
const slow = { faults: { plan: parseFaults('delay=5ms'), seed: 1 } };

/** All passwords in a passwords file, by name; a line that was cut off holds none. */
function passwordsIn(file: string): Map<string, string[]> {
  const passwords = new Map<string, string[]>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, name = '', password = ''] = /^\{"name":"([^"]*)","password":"([^"]*)"/.exec(line) ?? [];
    passwords.set(name, [...(passwords.get(name) ?? []), password]);
  }
  return passwords;
}

/** Every user that is there logs in with a password of the file; returns how many there are. */
async function expectKnownPasswords({ urls, env }: SandboxUse, file: string): Promise<number> {
  const password = new Secret(env['KAPADMIN_META_PASSWORD'] ?? '');
  const credentials = { kind: 'basic', username: 'admin', password } as const;
  const client = createMetaClient({ nodes: urls, credentials });
  const users = (await client.users()).filter(({ name }) => name !== 'admin');
  await client.close();
  if (users.length === 0) return 0;
  const passwords = passwordsIn(file);
  const unknown = users.filter(({ name, hash }) => {
    return passwords.get(name)?.some((password) => compareSync(password, hash?.reveal() ?? '')) !== true;
  });
  expect(unknown.map(({ name }) => name)).toEqual([]);
  return users.length;
}

describe('apply, killed and run again', () => {
  let whole = 0;

  beforeAll(async () => {
    await withSandbox(slow, async ({ env }) => {
      const home = makeFolder({ 'state.json': state });
      const begin = performance.now();
      expect(await kapadmin(words, { home, env })).toMatchObject({ code: 0 });
      whole = performance.now() - begin;
    });
  });

  it.each(Array.from({ length: moments }, (_, i) => i))(
    'at moment %i, ends as the file wants it, every password in the file',
    async (i) => {
      await withSandbox(slow, async (sandbox) => {
        const { env } = sandbox;
        const home = makeFolder({ 'state.json': state });
        const running = await start(words, { home, env });
        await delay((whole * (i + roll(i, 0)[0])) / moments);
        running.signal('SIGKILL');
        await running.ended.catch(() => undefined);
        const made = path.join(home, 'made');
        await expectKnownPasswords(sandbox, made);
        expect(await kapadmin(words, { home, env })).toMatchObject({ code: 0 });
        expect(await expectKnownPasswords(sandbox, made)).toBe(count);
        const end = await kapadmin(['plan', 'state.json', '--prune'], { home, env });
        expect(end).toMatchObject({ code: 0, stdout: 'Nothing to do: the cluster is as wanted.\n' });
      });
    },
  );
});
