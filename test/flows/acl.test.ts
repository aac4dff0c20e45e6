import { describe, expect, it } from 'vitest';
import { inTerminal, kapadmin, withSandbox } from './harness.js';

/** A sandbox with two restrictions. */
function withRestrictions(use: (env: Readonly<Record<string, string>>, list: () => Promise<string>) => Promise<void>) {
  return withSandbox({}, async ({ env }) => {
    for (const db of ['telegraf', 'stats']) {
      expect((await kapadmin(['acl', 'restrict', 'read', '--db', db, '--yes'], { env })).code).toBe(0);
    }
    await use(env, async () => (await kapadmin(['acl', 'list', '-q', '-o', 'name'], { env })).stdout);
  });
}

describe('acl delete', () => {
  it('in a pipe', () =>
    withRestrictions(async (env, list) => {
      const ended = await kapadmin(['acl', 'delete', 'restriction/1', '--yes'], { env });
      expect(ended).toMatchObject({ code: 0, stdout: 'deleted restriction/1 (read on database telegraf)\n' });
      expect(ended.stderr).toContain('experimental: built from the documentation');
      expect(await list()).toBe('restriction/2\n');
    }));

  it('with -o json', () =>
    withRestrictions(async (env, list) => {
      const ended = await kapadmin(['acl', 'delete', 'restriction/2', 'restriction/1', '--yes', '-o', 'json'], { env });
      const { note, changes } = JSON.parse(ended.stdout) as { note: string; changes: readonly object[] };
      expect(note).toBe('experimental: built from the documentation');
      expect(changes).toEqual([
        expect.objectContaining({ action: 'delete', kind: 'restriction', id: '2', status: 'done' }),
        expect.objectContaining({ id: '1', status: 'done' }),
      ]);
      expect(await list()).toBe('');
    }));

  it('in a terminal', () =>
    withRestrictions(async (env, list) => {
      const ended = await inTerminal(['acl', 'delete', 'restriction/1'], { env }, async (terminal) => {
        await terminal.sees('Type the name 1 to confirm deleting this restriction');
        terminal.type('1');
        terminal.press('enter');
      });
      expect(ended.screen).toContain('deleted restriction/1 (read on database telegraf)');
      expect(ended.code).toBe(0);
      expect(await list()).toBe('restriction/2\n');
    }));
});
