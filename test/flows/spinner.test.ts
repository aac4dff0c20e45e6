import { describe, expect, it } from 'vitest';
import { parseFaults } from '../../src/sandbox/faults.js';
import { inTerminal, kapadmin, openTerminal, withSandbox } from './harness.js';
import { cluster } from './commands/cluster.js';

const slow = { ...cluster, faults: { plan: parseFaults('delay=600ms'), seed: 1 } };

describe('while a slow node is waited for', () => {
  it('a terminal shows that, through a change of its width, and nothing of it stays', async () => {
    await withSandbox(slow, async ({ env }) => {
      const terminal = await openTerminal(['user', 'list'], { env });
      await terminal.sees(/waiting for http:\/\/127\.0\.0\.1:\d+/);
      terminal.resize(60);
      expect(await terminal.ended).toBe(0);
      expect(terminal.screen()).toMatch(/^NAME +PERMISSIONS +ROLES\n/);
      expect(terminal.screen()).not.toContain('waiting');
    });
  });

  it('Ctrl-C ends it with 130 on a clean line', async () => {
    await withSandbox(slow, async ({ env }) => {
      const terminal = await openTerminal(['user', 'show', 'johndoe'], { env });
      await terminal.sees('waiting for');
      terminal.press('ctrl-c');
      expect(await terminal.ended).toBe(130);
      expect(terminal.screen()).toMatch(/^(\^C)?error: /);
    });
  });

  it.each([
    ['with -q', ['-q'], {}],
    ['where TERM is dumb', [], { TERM: 'dumb' }],
  ])('a terminal shows nothing %s', async (_, flags, more) => {
    await withSandbox(slow, async ({ env }) => {
      const { code, raw } = await inTerminal(['user', 'list', '--no-color', ...flags], { env: { ...env, ...more } });
      expect(code).toBe(0);
      expect(raw).not.toMatch(/waiting|\u001b/);
    });
  });

  it('a pipe gets nothing', async () => {
    await withSandbox(slow, async ({ env }) => {
      const { code, stdout, stderr } = await kapadmin(['user', 'list'], { env });
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^NAME/);
    });
  });
});
