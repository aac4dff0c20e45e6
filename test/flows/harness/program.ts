import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureBuilt, root } from '../../../.tools/fresh.mjs';
import { afterAll, beforeAll } from 'vitest';
import { makeFolder } from '../../folder.js';
import { recordOutput } from './secrets.js';

export const bin = path.join(root, 'bin/kapadmin.js');
export const limit = 30_000;

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** A new, empty folder by default. */
  readonly home?: string;
  /** HOME by default. */
  readonly cwd?: string;
  /** Secrets that this command is asked to print. */
  readonly shows?: readonly string[];
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A kapadmin that runs. */
export interface Running {
  /** Resolves with what was written when it holds this; rejects when the program ends before. */
  waitFor(what: string | RegExp, where?: 'stdout' | 'stderr'): Promise<string>;
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

/** Of the environment of these tests the program sees nothing but the path and the temporary folder. */
export function cleanEnv(home: string, env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = '', TMPDIR } = process.env;
  return { PATH, HOME: home, ...(TMPDIR === undefined ? {} : { TMPDIR }), ...env };
}

const living = new Set<() => void>();

/** Ends what a failed test left running, when its file is done; `forget` when it has ended by itself. */
export function endLater(kill: () => void): { forget(): void } {
  living.add(kill);
  return { forget: () => void living.delete(kill) };
}

afterAll(() => {
  for (const kill of living) kill();
});

beforeAll(ensureBuilt);

export function holds(text: string, what: string | RegExp): boolean {
  return typeof what === 'string' ? text.includes(what) : what.test(text);
}

/** Starts the built program with pipes; without `stdin` its input ends at once. Killed after 30 s. */
export async function start(
  args: readonly string[],
  options: Surroundings & { stdin?: string } = {},
): Promise<Running> {
  const home = options.home ?? makeFolder();
  const child = spawn(process.execPath, [bin, ...args], { cwd: options.cwd ?? home, env: cleanEnv(home, options.env) });
  const written = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
      for (const watch of watchers) watch();
    });
  }
  child.stdin.on('error', () => {}).end(options.stdin ?? '');
  const timer = setTimeout(() => child.kill('SIGKILL'), limit);
  const leftover = endLater(() => child.kill('SIGKILL'));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => {
      clearTimeout(timer);
      leftover.forget();
      recordOutput(args.join(' '), `${written.stdout}\n${written.stderr}`, options.shows);
      if (code === null) reject(new Error(`kapadmin ${args.join(' ')} was ended by ${signal}:\n${written.stderr}`));
      else resolve({ code, ...written });
      for (const watch of watchers) watch();
    });
  });
  ended.catch(() => {});
  return {
    pid: child.pid ?? 0,
    ended,
    signal: (name) => void child.kill(name),
    waitFor: (what, where = 'stdout') =>
      new Promise((resolve, reject) => {
        const watch = (): void => {
          if (holds(written[where], what)) resolve(written[where]);
          else if (child.exitCode !== null) reject(new Error(`it ended without ${String(what)}:\n${written[where]}`));
          else return;
          watchers.delete(watch);
        };
        watchers.add(watch);
        watch();
      }),
  };
}

/** Runs the built program to its end. */
export async function kapadmin(
  args: readonly string[],
  options: Surroundings & { stdin?: string } = {},
): Promise<Ended> {
  return (await start(args, options)).ended;
}
