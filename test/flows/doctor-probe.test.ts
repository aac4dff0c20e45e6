import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../.tools/fresh.mjs';
import type { SandboxOptions } from '../../src/sandbox/options.js';
import { inTerminal, kapadmin, withSandbox, type SandboxUse } from './harness.js';

beforeAll(() => ensureBuilt());

const words = ['doctor', '--no-env', '--probe'];

/** Names of all users and roles. */
async function names({ env }: SandboxUse): Promise<readonly string[]> {
  const lists = await Promise.all(['user', 'role'].map((noun) => kapadmin([noun, 'list', '-o', 'name'], { env })));
  return lists.flatMap(({ stdout }) => stdout.split('\n').filter((name) => name !== ''));
}

/** Each answer takes a while: there is time to press a key. */
const slow: SandboxOptions = {
  faults: { seed: 1, plan: { reset: 0, unavailable: 0, truncate: 0, garbage: 0, delay: 150 } },
};

describe('doctor --probe in a terminal', () => {
  it('asks before it writes, and leaves nothing', async () => {
    await withSandbox({}, async (sandbox) => {
      const { code, screen } = await inTerminal(words, { env: sandbox.env, columns: 200 }, async (terminal) => {
        await terminal.sees('Create and delete a temporary user and role (kapadmin-probe-...)? Type "yes" to continue');
        terminal.type('yes');
        terminal.press('enter');
      });
      expect({ code, screen }).toEqual({ code: 0, screen: expect.stringContaining('role-rights-hidden') });
      expect(await names(sandbox)).toEqual(['admin']);
    });
  });

  it('writes nothing where the answer is another', async () => {
    await withSandbox({}, async ({ env }) => {
      const { code, screen } = await inTerminal(words, { env, columns: 200 }, async (terminal) => {
        await terminal.sees('Type "yes"');
        terminal.type('no');
        terminal.press('enter');
      });
      expect({ code, screen }).toEqual({
        code: 2,
        screen: expect.stringContaining('not confirmed: no changes were made'),
      });
    });
  });

  it('removes what it made when Ctrl-C stops it', async () => {
    await withSandbox(slow, async (sandbox) => {
      const args = [...words, '--yes', '--debug'];
      const { code, screen } = await inTerminal(args, { env: sandbox.env, columns: 200 }, async (terminal) => {
        await terminal.sees(/POST .*\/role/);
        terminal.press('ctrl-c');
      });
      expect(screen).toContain('stopped by SIGINT; the temporary user and role were removed');
      expect(code).toBe(130);
      expect(await names(sandbox)).toEqual(['admin']);
    });
  });
});
