import type { Command } from 'commander';
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
