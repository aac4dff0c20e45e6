import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt } from '../../../.tools/fresh.mjs';
import { makeFolder } from '../../folder.js';
import { bin, cleanEnv, endLater, limit } from './program.js';
import { recordOutput } from './secrets.js';

/** A folder of programs that comes first in the path. */
export interface Tools {
  readonly path: string;
  /** Adds a program: the text of a shell script. */
  add(name: string, script: string): void;
  /** How often kapadmin was started from it. */
  starts(): number;
}

/** With the built kapadmin. */
export async function makeTools(): Promise<Tools> {
  await ensureBuilt();
  const folder = path.join(makeFolder(), 'bin');
  const counter = path.join(folder, '.starts');
  mkdirSync(folder);
  const add = (name: string, script: string): void => {
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(folder, name), 0o755);
  };
  add('kapadmin', `printf . >>'${counter}'\nexec '${process.execPath}' '${bin}' "$@"`);
  return {
    path: `${folder}:${process.env['PATH'] ?? ''}`,
    add,
    starts: () => (existsSync(counter) ? statSync(counter).size : 0),
  };
}

export interface Scripted {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ScriptOptions {
  readonly tools: Tools;
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** Runs a command with these tools in its path, as `sh -eu -c SCRIPT` or any other, in the home. Killed after 30 s. */
export function runTool(file: string, args: readonly string[], options: ScriptOptions): Promise<Scripted> {
  const { tools, home, env = {}, stdin = '' } = options;
  const surroundings = { ...cleanEnv(home, env), PATH: tools.path };
  const child = spawn(file, args, { cwd: home, env: surroundings, detached: true });
  const kill = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  const timer = setTimeout(kill, limit);
  const leftover = endLater(kill);
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (written[name] += text));
  }
  child.stdin.on('error', () => {}).end(stdin);
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => {
      clearTimeout(timer);
      leftover.forget();
      recordOutput([file, ...args].join(' '), `${written.stdout}\n${written.stderr}`);
      if (code === null) reject(new Error(`${args.join(' ')} was ended by ${signal}:\n${written.stderr}`));
      else resolve({ code, ...written });
    });
  });
}

export function runScript(script: string, options: ScriptOptions): Promise<Scripted> {
  return runTool('sh', ['-eu', '-c', script], options);
}
