import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { kapadmin, openTerminal, start, withSandbox } from './harness.js';
import { cluster } from './verbs/cluster.js';

describe('user list --watch', () => {
  it('draws over itself on a terminal, whatever its size, until Ctrl-C', async () => {
    await withSandbox(cluster, async ({ env }) => {
      const terminal = await openTerminal(['user', 'list', '--watch', '200ms'], { env });
      await terminal.sees(/^kapadmin user list, every 200ms: \d{4}-\d\d-\d\d [\d:]+ UTC$/m);
      await terminal.sees('janedoe');
      const { code } = await kapadmin(['user', 'delete', 'janedoe', '--yes'], { env });
      expect(code).toBe(0);
      await terminal.sees(/^\d\d:\d\d:\d\d {2}- janedoe$/m);
      expect(terminal.screen()).not.toMatch(/^janedoe/m);
      terminal.resize(30);
      await terminal.sees(/^kapadmin user list, every 200…$/m);
      terminal.press('ctrl-c');
      expect(await terminal.ended).toBe(130);
      const raw = terminal.raw();
      expect(raw.lastIndexOf('\u001b[?1049l')).toBeGreaterThan(raw.lastIndexOf('\u001b[?1049h'));
      expect(raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(raw.lastIndexOf('\u001b[?25l'));
      expect(terminal.screen()).toMatch(/stopped by SIGINT after \d+ looks, 1 of them saw a change/);
    });
  });

  it('is a document for each change in a pipe, and watches on while the node is away', async () => {
    const home = makeFolder();
    const first = await withSandbox(cluster, async ({ env, urls: [url = ''] }) => {
      const words = ['user', 'list', '--watch', '100ms', '-o', 'json', '--retries', '0', '--connect-timeout', '200ms'];
      const running = await start(words, { env, home });
      await running.waitFor('janedoe');
      return { running, port: Number(new URL(url).port) };
    });
    const { running, port } = first;
    await running.waitFor('watching on', 'stderr');
    await withSandbox({ ...cluster, port, seed: { users: [], roles: [] } }, async () => {
      await running.waitFor('there are answers again', 'stderr');
      running.signal('SIGTERM');
      const { code, stdout, stderr } = await running.ended;
      expect(code).toBe(143);
      const documents = stdout
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line));
      expect(documents).toMatchObject([
        [{ name: 'admin' }, { name: 'janedoe' }, { name: 'johndoe' }],
        [{ name: 'admin' }],
      ]);
      expect(stderr).toMatch(/"stopped by SIGTERM after \d+ looks, 1 of them saw a change"/);
    });
  });
});
