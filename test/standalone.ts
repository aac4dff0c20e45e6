import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { root } from '../.tools/fresh.mjs';
import { makeFolder } from './folder.js';

/** Builds the executable that needs no Node; gives its path. */
export function buildStandalone(): string {
  const script = path.join(root, '.tools/standalone.mjs');
  return execFileSync(process.execPath, [script, makeFolder()], { encoding: 'utf8', stdio: 'pipe' }).trim();
}

export interface Standalone {
  /** Runs the executable to its end, with no other program in reach; throws unless it ends with 0. */
  run(words: readonly string[], options?: { env?: Record<string, string>; input?: string }): string;
  /** Starts it; resolves with its first line. */
  start(words: readonly string[]): Promise<{ line: string; child: ChildProcess }>;
}

export function standaloneAt(executable: string, home: string): Standalone {
  const common = { PATH: '', HOME: home };
  return {
    run: (words, { env = {}, input = '' } = {}) =>
      execFileSync(executable, words, { env: { ...common, ...env }, input, encoding: 'utf8', cwd: home }),
    async start(words) {
      const child = spawn(executable, words, { env: common, stdio: ['ignore', 'pipe', 'inherit'], cwd: home });
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      return { line: line.toString(), child };
    },
  };
}
