import { spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeFolder } from '../../folder.js';
import { bin, cleanEnv } from '../harness/program.js';
import { recordOutput } from '../harness/secrets.js';
import { openCommand } from '../harness/terminal.js';

export interface Place {
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
}

/** The environment of a shell that finds `kapadmin` on its PATH. */
function shellEnv({ env, home }: Place): Record<string, string> {
  const folder = makeFolder();
  const program = path.join(folder, 'kapadmin');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`);
  chmodSync(program, 0o700);
  return cleanEnv(home, { ...env, PATH: `${folder}:${process.env['PATH'] ?? ''}` });
}

/** Runs a line that asks nothing; gives its stdout. */
async function inPipe(line: string, place: Place): Promise<string> {
  const child = spawn('sh', ['-c', line], { cwd: place.home, env: shellEnv(place), stdio: ['ignore', 'pipe', 'pipe'] });
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (written[name] += text));
  }
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  recordOutput(line, `${written.stdout}\n${written.stderr}`);
  if (code !== 0) throw new Error(`${line} ended with ${String(code)}:\n${written.stderr}`);
  return written.stdout;
}

/** Runs a line in a terminal; a person answers what it asks. */
async function inTerminal(line: string, place: Place, answers: readonly (readonly [RegExp, string])[]): Promise<void> {
  const shell = await openCommand('sh', ['-c', line], { home: place.home, columns: 200, env: shellEnv(place) });
  for (const [question, text] of answers) {
    await shell.sees(question);
    shell.type(text);
    shell.press('enter');
  }
  const code = await shell.ended;
  if (code !== 0) throw new Error(`${line} ended with ${code}:\n${shell.screen()}`);
}

/**
 * Runs a line as it is printed, in a shell; `password` is typed where a new one is asked for, and `yes` where that is.
 * Gives the password that holds from then on, where the line sets one.
 */
export async function paste(line: string, place: Place, password: string): Promise<string | undefined> {
  const sets = /^kapadmin user (passwd|create) /.test(line);
  if (sets && !line.includes('--generate')) {
    await inTerminal(line, place, [
      [/[Pp]assword/, password],
      [/Confirm password/, password],
    ]);
    return password;
  }
  if (line.startsWith('kapadmin config fix --write')) {
    await inTerminal(line, place, [[/Type "yes"/, 'yes']]);
    return undefined;
  }
  const printed = await inPipe(line, place);
  return sets ? printed.trim() : undefined;
}
