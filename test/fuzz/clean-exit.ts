import { expect } from 'vitest';
import type { Ran } from '../run.js';

/** C0 but tab and line end (a CSV ends lines with CR LF), DEL, C1, and what turns the direction of a terminal's text. */
const unescaped = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\r(?!\n)/;
const stack = /\n\s+at .*[:(]\d+/;
const longest = 5_000;

/** What is wrong with an end, whatever the command and its input were; nothing for a good one. */
export function faultsOf({ code, stdout, stderr }: Ran): readonly string[] {
  const faults: string[] = [];
  if (code === 70 || /this is a bug/.test(stderr)) faults.push(`a bug: ${stderr.slice(0, 300)}`);
  if (![0, 1, 2, 3, 4, 5, 6, 7, 8, 129, 130, 143].includes(code)) faults.push(`exit code ${code}`);
  if (unescaped.test(stdout)) faults.push('control characters on stdout');
  if (unescaped.test(stderr)) faults.push('control characters on stderr');
  if (stack.test(stderr)) faults.push('a stack trace');
  if (stderr.split('\n').some((line) => line.length > longest)) faults.push('an endless line on stderr');
  if (code > 1 && stderr === '' && stdout === '') faults.push(`exit code ${code} without a word`);
  return faults;
}

export function assertCleanExit(ran: Ran): void {
  expect(faultsOf(ran)).toEqual([]);
}
