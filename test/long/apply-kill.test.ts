import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { compareSync } from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import type { MetaClient } from '../../src/meta/client-types.js';
import { createMetaClient } from '../../src/meta/client.js';
import { Secret } from '../../src/model/secret.js';
import type { User } from '../../src/model/user.js';
import { parseFaults, seededRandom } from '../../src/sandbox/faults.js';
import { makeFolder } from '../folder.js';
import { kapadmin, start, withSandbox, type SandboxUse } from '../flows/harness.js';

const count = 150;
const moments = 20;
const mostLooks = 3_000;
const killed: { readonly survived: boolean; readonly before: number }[] = [];
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

function clientOf({ urls, env }: SandboxUse): MetaClient {
  const password = new Secret(env['KAPADMIN_META_PASSWORD'] ?? '');
  return createMetaClient({ nodes: urls, credentials: { kind: 'basic', username: 'admin', password } });
}

async function madeUsers(client: MetaClient): Promise<readonly User[]> {
  return (await client.users()).filter(({ name }) => name !== 'admin');
}

/** Every user that is there logs in with a password of the file; returns how many there are. */
async function expectKnownPasswords(client: MetaClient, file: string): Promise<number> {
  const users = await madeUsers(client);
  if (users.length === 0) return 0;
  const passwords = passwordsIn(file);
  const unknown = users.filter(({ name, hash }) => {
    return passwords.get(name)?.some((password) => compareSync(password, hash?.reveal() ?? '')) !== true;
  });
  expect(unknown.map(({ name }) => name)).toEqual([]);
  return users.length;
}

/** Waits until so many users are there and some time more: the start of the program, or the middle of a write. */
async function randomMoment(client: MetaClient, i: number): Promise<void> {
  const [where, how] = seededRandom(i, 0);
  const wanted = Math.floor(where * count * 1.1) - 5;
  if (wanted <= 0) {
    await delay(how * 600);
    return;
  }
  for (let look = 0; look < mostLooks && (await madeUsers(client)).length < Math.min(wanted, count); look++)
    await delay(2);
  await delay(how * 15);
}

describe('apply, killed and run again', () => {
  it.each(Array.from({ length: moments }, (_, i) => i))(
    'at random moment %i, ends as the file wants it, every password in the file',
    async (i) => {
      await withSandbox(slow, async (sandbox) => {
        const { env } = sandbox;
        const home = makeFolder({ 'state.json': state });
        const made = path.join(home, 'made');
        const client = clientOf(sandbox);
        const running = await start(words, { home, env });
        await randomMoment(client, i);
        running.signal('SIGKILL');
        const survived = await running.ended.then(
          () => true,
          () => false,
        );
        const before = await expectKnownPasswords(client, made);
        expect(await kapadmin(words, { home, env })).toMatchObject({ code: 0 });
        expect(await expectKnownPasswords(client, made)).toBe(count);
        await client.close();
        const end = await kapadmin(['plan', 'state.json', '--prune'], { home, env });
        expect(end).toMatchObject({ code: 0, stdout: 'No changes. The cluster matches the state files.\n' });
        killed.push({ survived, before });
      });
    },
  );

  it('was killed in the middle most times', () => {
    const inTheMiddle = killed.filter(({ survived, before }) => !survived && before > 0 && before < count);
    expect(inTheMiddle.length).toBeGreaterThan(moments / 2);
  });
});
