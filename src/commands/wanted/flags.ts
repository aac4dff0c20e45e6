import { Option, type Command } from 'commander';
import { collect } from '../../model/list.js';

/** What `plan` and `apply` have in common, as commander names it. */
export interface PlanFlags {
  readonly prune?: boolean;
  readonly allowRemove?: readonly string[];
  readonly setPasswords?: boolean;
  readonly checkPasswords?: boolean;
  readonly passwordsOut?: string;
  readonly force?: boolean;
}

export function addPlanFlags(command: Command): Command {
  return command
    .option('--prune', 'also take away what the files do not have, within what they manage')
    .addOption(
      new Option('--allow-remove <user>', 'this account may be removed or disarmed (repeatable)').argParser(collect),
    )
    .option('--set-passwords', 'set the passwords of users that exist, too')
    .option(
      '--check-passwords',
      'compare passwords by bcrypt and show those that differ; with --set-passwords set only these',
    )
    .option('--passwords-out <file>', 'where passwords that are made up are kept')
    .option('--force', 'also permissions that Kapacitor does not know');
}
