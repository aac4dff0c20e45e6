import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { installLines } from '../../src/commands/completion.js';
import { makeFolder } from '../folder.js';
import { hasPrograms } from '../programs.js';
import { tell } from '../tell.js';
import { kapadmin, withSandbox } from './harness.js';
import { makeTools } from './harness/shell.js';

const patience = 10_000;

interface Shell {
  readonly name: keyof typeof installLines;
  /** Starts it as it is without any file of its user. */
  readonly bare: string;
}

const shells: readonly Shell[] = [
  { name: 'bash', bare: 'bash --norc' },
  { name: 'zsh', bare: 'zsh -f -o interactivecomments' },
  { name: 'fish', bare: 'fish' },
];

/** A shell in a terminal of tmux, with kapadmin on its path. */
async function inTmux(
  shell: Shell,
  env: Record<string, string>,
  use: (screen: Screen) => Promise<void>,
): Promise<void> {
  const home = makeFolder();
  const tools = await makeTools();
  const socket = path.join(home, 'tmux');
  const surroundings = { ...env, HOME: home, PATH: tools.path, TERM: 'xterm', PS1: '$ ' };
  const tmux = (...words: string[]): string =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...words], { env: surroundings, encoding: 'utf8' });
  tmux('new-session', '-d', '-x', '120', '-y', '40', shell.bare);
  try {
    await use({
      home,
      type(text, ...keys) {
        tmux('send-keys', '-l', '--', text);
        tmux('send-keys', ...keys);
      },
      async shows(text) {
        const end = Date.now() + patience;
        for (;;) {
          const pane = tmux('capture-pane', '-p', '-J');
          if (pane.includes(text)) return;
          if (Date.now() > end) throw new Error(`${shell.name} does not show ${JSON.stringify(text)}:\n${pane}`);
          await delay(50);
        }
      },
    });
  } finally {
    tmux('kill-server');
  }
}

interface Screen {
  readonly home: string;
  type(text: string, ...keys: string[]): void;
  /** Waits until the screen holds the text. */
  shows(text: string): Promise<void>;
}

describe('completion in the shells', () => {
  for (const shell of shells) {
    const ready = hasPrograms(`completion in ${shell.name}`, ['tmux', shell.name]);
    it(`${shell.name}: ${ready ? 'the documented line installs it; TAB completes commands, flags, permissions and names of the cluster' : 'is not here'}`, async () => {
      if (!ready) return;
      await withSandbox({}, async ({ env }) => {
        await kapadmin(['user', 'create', 'johndoe', '--password-stdin'], { env, stdin: 'a pass word of johndoe' });
        await inTmux(shell, env, async (screen) => {
          screen.type(installLines[shell.name], 'Enter');
          screen.type("echo in''stalled", 'Enter');
          await screen.shows('installed');
          screen.type(`exec ${shell.name}`, 'Enter');
          screen.type("echo re''ady", 'Enter');
          await screen.shows('ready');
          screen.type('kapadmin user gra', 'Tab');
          await screen.shows('kapadmin user grant');
          screen.type('joh', 'Tab');
          await screen.shows('kapadmin user grant johndoe');
          screen.type('KapacitorC', 'Tab');
          await screen.shows('kapadmin user grant johndoe KapacitorConfigAPI');
          screen.type('--prof', 'Tab');
          await screen.shows('--profile');
          tell(`completion in ${shell.name}: driven in tmux`);
          const cache = path.join(screen.home, '.cache/kapadmin');
          expect(statSync(cache).mode & 0o777).toBe(0o700);
          const file = readdirSync(cache).find((name) => name.startsWith('names-')) ?? '';
          expect(statSync(path.join(cache, file)).mode & 0o777).toBe(0o600);
          expect(readFileSync(path.join(cache, file), 'utf8')).toContain('johndoe');
        });
      });
    }, 60_000);
  }
});

describe('completion of names', () => {
  it('is silent when the node does not answer, within its limit', async () => {
    const env = { KAPADMIN_META_URL: 'http://127.0.0.1:9' };
    expect(await kapadmin(['__complete', '--', 'user', 'show', ''], { env })).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });
});
