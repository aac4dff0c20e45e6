import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import type { AclEntry } from '../../model/acl.js';
import { aclListView } from '../../output/views/acl.js';
import type { Result } from '../../output/view.js';
import { aclHelp, noteExperimental, notRestricted, openWritesWarning, readAcl } from './rule-changes.js';

export const formats = ['csv', 'name'] as const;

export function define(command: Command, action: (options: object) => Promise<void>): void {
  command
    .addHelpText('after', `${aclHelp}\nExamples:\n  kapadmin acl list\n  kapadmin acl list -o json`)
    .action(() => action({}));
}

export async function run(_: object, factory: Factory): Promise<Result<readonly AclEntry[]>> {
  const [restrictions, grants] = await Promise.all([readAcl('restriction', factory), readAcl('grant', factory)]);
  for (const { id, fields } of restrictions) {
    const warning = openWritesWarning(`restriction/${id ?? '?'}`, fields);
    if (warning !== undefined) factory.logger.warn(warning);
  }
  noteExperimental(factory);
  if (restrictions.length > 0) factory.logger.info(notRestricted);
  return { data: [...restrictions, ...grants], view: aclListView };
}
