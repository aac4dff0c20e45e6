import type { Command } from 'commander';
import { usageError } from '../errors.js';
import type { Files } from '../files/files.js';

/** Flags whose file the command writes. */
const outputFlags: ReadonlySet<string> = new Set([
  '--out',
  '--passwords-out',
  '--undo',
  '--bundle',
  '--record',
  '--conformance',
]);

interface NamedFile {
  readonly by: string;
  readonly file: string;
}

/** The files that flags and arguments name; not those of the system, such as /dev/null. */
function namedFiles(command: Command): readonly NamedFile[] {
  const named: NamedFile[] = [];
  const add = (by: string, value: unknown): void => {
    for (const file of [value].flat()) {
      if (typeof file === 'string' && file !== '' && file !== '-' && !/^\/(dev|proc)\//.test(file)) {
        named.push({ by, file });
      }
    }
  };
  for (let at: Command | null = command; at !== null; at = at.parent) {
    for (const option of at.options) {
      if (option.flags.includes('<file>')) add(option.long ?? option.flags, at.getOptionValue(option.attributeName()));
    }
  }
  // `config fix` may write its own input.
  if (command.name() === 'fix') return named;
  for (const [i, argument] of command.registeredArguments.entries()) {
    if (argument.name() === 'file') add('the command', command.processedArgs[i]);
  }
  return named;
}

/**
 * Throws a usage error where a file that the command writes is named a second time, also by a link: what is written
 * last would replace passwords, or what is read.
 */
export async function checkOutputFiles(command: Command, files: Files): Promise<void> {
  const named = namedFiles(command);
  if (!named.some(({ by }) => outputFlags.has(by))) return;
  const paths = await Promise.all(named.map(({ file }) => files.realPath(file)));
  for (const [i, { by, file }] of named.entries()) {
    const same = named.find((other, at) => at !== i && paths[at] === paths[i] && other.by !== by);
    if (same === undefined || !outputFlags.has(by)) continue;
    throw usageError(
      'same-file',
      `${by} and ${same.by} name the same file "${file}"`,
      'Name another file to write to.',
    );
  }
}
