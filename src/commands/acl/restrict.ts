import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import type { AclChanges } from '../../output/views/acl.js';
import type { Result } from '../../output/view.js';
import { usageError } from '../../errors.js';
import {
  aclHelp,
  addRuleFlags,
  executeAcl,
  notRestricted,
  openWritesWarning,
  readAcl,
  readRule,
  type RuleFlags,
} from './rule-changes.js';

interface RestrictOptions extends RuleFlags {
  readonly permissions: readonly string[];
  readonly yes?: boolean;
}

const about = `${aclHelp}
A restriction takes read or write from all users who are not admins; grants
give it back. A restriction by tag leaves writes without that tag open. Flux
queries are not restricted.

Examples:
  kapadmin acl restrict read write --db telegraf
  kapadmin acl restrict read --db telegraf --measurement cpu --tag dc=east --dry-run`;

export function define(command: Command, action: (options: RestrictOptions) => Promise<void>): void {
  addRuleFlags(command)
    .option('--yes', 'do not ask for confirmation')
    .addHelpText('after', about)
    .action((permissions: string[], flags: Omit<RestrictOptions, 'permissions'>) => action({ ...flags, permissions }));
}

export async function run(options: RestrictOptions, factory: Factory): Promise<Result<AclChanges>> {
  const { permissions, yes = false, ...flags } = options;
  const { logger, context } = factory;
  const fields = readRule(permissions, flags);
  const isAsked = !yes && factory.flags.dryRun !== true;
  if (isAsked && !context.io.isInteractive) {
    throw usageError('not-confirmed', 'acl restrict requires --yes without a terminal', 'No changes were made.');
  }
  const before = await readAcl('restriction', factory);
  const warning = openWritesWarning('this restriction', fields);
  if (warning !== undefined) logger.warn(warning);
  const question = 'This takes access from all users who are not admins. Type "restrict" to continue';
  if (isAsked && !(await (await factory.prompter()).confirmByTyping(question, 'restrict'))) {
    throw usageError('not-confirmed', 'not confirmed: no changes were made');
  }
  logger.info(notRestricted);
  return executeAcl([{ action: 'create', kind: 'restriction', id: undefined, fields }], before, factory);
}
