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
    .option('--prune', 'also take away what the files do not have, within what they manage')
    .option('--set-passwords', 'set the passwords of users that exist, too')
    .option(
      '--check-passwords',
      'compare passwords by bcrypt and show those that differ; with --set-passwords set only these',
    )
    .option('--passwords-out <file>', 'save generated passwords to this file')
    .option('--allow-outside-files', 'read password files outside the folder of the file that names them')
    .option('--force', 'also permissions that Kapacitor does not know');
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

/** All files that the words name. Throws a usage error where there is none. */
export function namedStateFiles(files: readonly string[], { file = [] }: StateFileFlags): readonly string[] {
  const all = [...files, ...file];
  if (all.length > 0) return all;
  throw usageError('no-file', "missing required argument 'file'", 'Give FILE, -f FILE, or - for standard input.');
}
