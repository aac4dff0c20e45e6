import { type Command, Option } from 'commander';
import { usageError } from '../../errors.js';
import { collectValue } from '../../model/shell-command.js';
import { addLockoutFlag, type LockoutFlags } from '../execute-changes.js';

/** What `plan` and `apply` have in common, as commander names it. */
export interface PlanFlags extends LockoutFlags {
  readonly prune?: boolean;
  readonly setPasswords?: boolean;
  readonly checkPasswords?: boolean;
  readonly passwordsOut?: string;
  readonly allowOutsideFiles?: boolean;
  readonly force?: boolean;
}

export function addPlanFlags(command: Command): Command {
  return addLockoutFlag(command)
    .option('--prune', 'delete what the files do not list, within what they manage')
    .option('--set-passwords', 'also set the passwords of existing users')
    .option(
      '--check-passwords',
      'compare passwords with the stored hashes; with --set-passwords, set only those that differ',
    )
    .option('--passwords-out <file>', 'save generated passwords to this file')
    .option('--allow-outside-files', 'allow password files outside the directory of their state file')
    .option('--force', 'allow permissions that Kapacitor does not know');
}

/** State files, as arguments or by `-f`. */
export interface StateFileFlags {
  readonly file?: readonly string[];
}

export function addStateFiles(command: Command, what: string): Command {
  return command
    .argument('[file...]', what)
    .addOption(new Option('-f, --file <file>', 'the same as the argument (repeatable)').argParser(collectValue));
}

/** All files that the arguments name. Throws a usage error if there is none. */
export function namedStateFiles(files: readonly string[], { file = [] }: StateFileFlags): readonly string[] {
  const all = [...files, ...file];
  if (all.length > 0) return all;
  throw usageError('no-file', "missing required argument 'file'", 'Give FILE, -f FILE, or - for standard input.');
}
