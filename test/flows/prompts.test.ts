import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { inTerminal, openTerminal, withSandbox, type Terminal } from './harness.js';
import { cluster, newPassword, typePasswordTwice } from './commands/cluster.js';

async function typeName(terminal: Terminal, name: string): Promise<void> {
  await terminal.sees(/Name of the/);
  terminal.type(name);
  terminal.press('enter');
}

describe('a prompt for what is missing', () => {
  it('takes a name and a hidden password, and the user is there', async () => {
    await withSandbox(cluster, async ({ env }) => {
      const ended = await inTerminal(['user', 'create'], { env }, async (terminal) => {
        await typeName(terminal, 'newbie');
        await typePasswordTwice(terminal);
      });
      expect(ended.code).toBe(0);
      expect(ended.screen).toMatch(/^created user newbie$/m);
      expect(ended.raw).not.toContain(newPassword.slice(0, 6));
    });
  });

  it('is a checklist of permissions, which stays one when the terminal changes its width', async () => {
    await withSandbox(cluster, async ({ env }) => {
      const terminal = await openTerminal(['user', 'grant', 'johndoe'], { env, columns: 100 });
      await terminal.sees(/ViewAdmin +see the admin pages/);
      terminal.press('space');
      await terminal.sees('◉ KapacitorConfigAPI');
      terminal.resize(50);
      terminal.press('down');
      terminal.press('down');
      terminal.press('space');
      await terminal.sees('◉ ViewChronograf');
      terminal.resize(120);
      terminal.press('up');
      terminal.press('enter');
      expect(await terminal.ended).toBe(0);
      expect(terminal.screen()).toMatch(
        /^granted KapacitorConfigAPI, ViewChronograf to user johndoe\nTakes effect in Kapacitor when /m,
      );
    });
  });

  it.each([
    ['ctrl-c', ['user', 'show'], /Name of the user/],
    ['ctrl-d', ['user', 'show'], /Name of the user/],
    ['ctrl-c', ['user', 'grant', 'johndoe'], /ViewAdmin/],
    ['ctrl-d', ['user', 'grant', 'johndoe'], /ViewAdmin/],
  ] as const)('ends on %s with 130 and a word: %s', async (key, words, question) => {
    await withSandbox(cluster, async ({ env }) => {
      const terminal = await openTerminal([...words], { env, columns: 160 });
      await terminal.sees(question);
      terminal.press(key);
      expect(await terminal.ended).toBe(130);
      expect(terminal.screen()).toMatch(/error: cancelled: no changes were made$/);
      expect(terminal.screen()).not.toMatch(/^ +at /m);
      expect(terminal.raw().lastIndexOf('\u001b[?25h')).toBeGreaterThan(terminal.raw().lastIndexOf('\u001b[?25l'));
    });
  });

  it('has no colour with NO_COLOR', async () => {
    await withSandbox(cluster, async ({ env }) => {
      const ended = await inTerminal(
        ['role', 'add-users', 'kapacitor'],
        { env: { ...env, NO_COLOR: '1' } },
        async (terminal) => {
          await terminal.sees(/johndoe +KapacitorAPI/);
          terminal.press('down');
          terminal.press('space');
          terminal.press('enter');
        },
      );
      expect(ended.code).toBe(0);
      expect(ended.screen).toMatch(/^added johndoe to role kapacitor$/m);
      expect(ended.raw).not.toMatch(/\u001b\[[\d;]*m/);
    });
  });
});

describe('a note of what came before a prompt', () => {
  it('is shown above it', async () => {
    const home = makeFolder({ 'k.conf': '[http]\n  auth-enabled = false\n' });
    const terminal = await openTerminal(['config', 'fix', 'k.conf', '--write'], { home, columns: 160 });
    await terminal.sees(/^Will be fixed:[^]*^\+[^]*Type "yes" to change/m);
    terminal.press('ctrl-c');
    expect(await terminal.ended).toBe(130);
    expect(terminal.screen().match(/^Will be fixed:/gm)).toHaveLength(1);
  });
});

describe('a prompt where TERM is dumb', () => {
  it('is none: what is missing is reported, and the exit code is 2', async () => {
    await withSandbox(cluster, async ({ env }) => {
      const terminal = await openTerminal(['user', 'create'], { env: { ...env, TERM: 'dumb' } });
      expect(await terminal.ended).toBe(2);
      expect(terminal.screen()).toContain("missing required argument 'user'");
      expect(terminal.raw()).not.toContain('\u001b');
    });
  });
});
