import { describe, expect, it } from 'vitest';
import { parseFaults } from '../../src/sandbox/faults.js';
import { makeFolder } from '../folder.js';
import { inTerminal, openTerminal, registerSecret, withSandbox } from './harness.js';
import { cluster } from './commands/cluster.js';

const password = registerSecret('Pa5sw0Rd-of-many');
const state = 'users: { janedoe: {} }\noptions: { absent: { users: [johndoe] } }\n';

describe('apply in a terminal', () => {
  it.each([
    ['remove', 0, /^deleted user johndoe$/m],
    ['yes', 2, /not confirmed: no changes were made/],
  ])('lists what goes and asks for a word: %s', async (word, code, says) => {
    await withSandbox(cluster, async ({ env }) => {
      const home = makeFolder({ 'state.yaml': state });
      const ended = await inTerminal(
        ['apply', 'state.yaml', '--prune'],
        { home, env, columns: 160 },
        async (terminal) => {
          await terminal.sees('Access: 2 users lose, unchanged for 1 user.');
          await terminal.sees('johndoe: lost (deleted user): all endpoints except /config, /write');
          await terminal.sees('- delete user johndoe');
          await terminal.sees('- revoke ReadData on telegraf from user janedoe');
          await terminal.sees('Type "remove"');
          terminal.type(word);
          terminal.press('enter');
        },
      );
      expect(ended.code).toBe(code);
      expect(ended.screen).toMatch(says);
    });
  });

  it('shows how far it is, and stops cleanly on Ctrl-C', async () => {
    const names = Array.from({ length: 400 }, (_, i) => `user${i}`);
    const users = Object.fromEntries(names.map((name) => [name, { password: { env: 'PASSWORD' } }]));
    const slow = { faults: { plan: parseFaults('delay=20ms'), seed: 1 } };
    await withSandbox(slow, async ({ env }) => {
      const home = makeFolder({ 'state.json': JSON.stringify({ users }) });
      const words = ['apply', 'state.json', '--concurrency', '2'];
      const terminal = await openTerminal(words, { home, env: { ...env, PASSWORD: password }, columns: 160 });
      await terminal.sees(/\d+ of 400 changes, \d+\/s, \d+ s left/);
      terminal.press('ctrl-c');
      expect(await terminal.ended).toBe(130);
      expect(terminal.screen()).toMatch(/stopped by SIGINT: \d+ changes? done, \d+ not started/);
      expect(terminal.screen()).not.toMatch(/s left/);
    });
  });
});
