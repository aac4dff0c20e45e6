import { spawn } from '@lydell/node-pty';
import { makeFolder } from '../../folder.js';
import { bin, cleanEnv, endLater, holds, limit, type Surroundings } from './program.js';
import { Screen } from './screen.js';
import { recordOutput } from './secrets.js';

const keys = {
  enter: '\r',
  space: ' ',
  tab: '\t',
  up: '\u001b[A',
  down: '\u001b[B',
  backspace: '\u007f',
  'ctrl-c': '\u0003',
  'ctrl-d': '\u0004',
} as const;

/** A kapadmin in a terminal. */
export interface Terminal {
  /** Resolves when the screen shows this; rejects when the program ends before, or after 10 s. */
  sees(what: string | RegExp): Promise<void>;
  type(text: string): void;
  press(key: keyof typeof keys): void;
  resize(columns: number): void;
  screen(): string;
  /** All that was written, colours and cursor movements included. */
  raw(): string;
  /** The exit code, when it has ended. */
  readonly ended: Promise<number>;
}

export interface TerminalOptions extends Surroundings {
  readonly columns?: number;
}

/** Starts the built program in a pseudo-terminal of 100 columns. Killed after 30 s. */
export function openTerminal(args: readonly string[], options: TerminalOptions = {}): Promise<Terminal> {
  return openCommand(process.execPath, [bin, ...args], options);
}

/** As `openTerminal`, for any command line that starts the built program. */
export async function openCommand(
  file: string,
  args: readonly string[],
  options: TerminalOptions = {},
): Promise<Terminal> {
  const { columns = 100, home = makeFolder() } = options;
  const env = cleanEnv(home, { TERM: 'xterm-256color', ...options.env });
  const pty = spawn(file, [...args], { cols: columns, rows: 50, cwd: options.cwd ?? home, env });
  const screen = new Screen(columns);
  const watchers = new Set<() => void>();
  let raw = '';
  let over = false;
  const timer = setTimeout(() => pty.kill('SIGKILL'), limit);
  const leftover = endLater(() => pty.kill('SIGKILL'));
  pty.onData((text) => {
    raw += text;
    screen.write(text);
    for (const watch of watchers) watch();
  });
  const ended = new Promise<number>((resolve, reject) => {
    pty.onExit(({ exitCode, signal }) => {
      clearTimeout(timer);
      leftover.forget();
      over = true;
      recordOutput([file, ...args].join(' '), `${raw}\n${screen.text()}`, options.shows);
      if (signal) reject(new Error(`${[file, ...args].join(' ')} was ended by signal ${signal}:\n${screen.text()}`));
      else resolve(exitCode);
      for (const watch of watchers) watch();
    });
  });
  ended.catch(() => {});
  return {
    ended,
    type: (text) => pty.write(text),
    press: (key) => pty.write(keys[key]),
    resize: (width) => pty.resize(width, 50),
    screen: () => screen.text(),
    raw: () => raw,
    sees: (what) =>
      new Promise((resolve, reject) => {
        const give = (end: () => void): void => {
          clearTimeout(patience);
          watchers.delete(watch);
          end();
        };
        const failed = (): void =>
          give(() => reject(new Error(`the screen does not show ${String(what)}:\n${screen.text()}`)));
        const watch = (): void => {
          if (holds(screen.text(), what)) give(resolve);
          else if (over) failed();
        };
        const patience = setTimeout(failed, 10_000);
        watchers.add(watch);
        watch();
      }),
  };
}

/** Runs the built program in a terminal to its end; `play` types what a person would. */
export async function inTerminal(
  args: readonly string[],
  options: TerminalOptions = {},
  play: (terminal: Terminal) => Promise<void> = () => Promise.resolve(),
): Promise<{ code: number; screen: string; raw: string }> {
  const terminal = await openTerminal(args, options);
  await play(terminal);
  const code = await terminal.ended;
  return { code, screen: terminal.screen(), raw: terminal.raw() };
}
