import { type Command, Option } from 'commander';
import type { Factory } from '../../cli/factory.js';
import { usageError } from '../../errors.js';
import { collectList } from '../../model/text.js';
import { notFoundError } from '../../model/user.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import type { AclChanges } from '../../output/views/acl.js';
import type { Result } from '../../output/view.js';
import { aclHelp, addRuleFlags, executeAcl, readAcl, readRule, type RuleFlags } from './rule-changes.js';

interface GrantOptions extends RuleFlags {
  readonly permissions: readonly string[];
  readonly user?: readonly string[];
  readonly role?: readonly string[];
}

const about = `${aclHelp}
A grant lets users and members of roles through restrictions. It gives nothing
to whom ReadData or WriteData on the database is not granted as well. A grant
by tag covers only points that have this tag.

Examples:
  kapadmin acl grant read write --db telegraf --role kapacitor
  kapadmin acl grant read --db telegraf --measurement cpu --tag dc=east --user johndoe`;

export function define(command: Command, action: (options: GrantOptions) => Promise<void>): void {
  addRuleFlags(command)
    .addOption(new Option('--user <name>', 'user to let through, repeatable').argParser(collectList))
    .addOption(new Option('--role <name>', 'role to let through, repeatable').argParser(collectList))
    .addHelpText('after', about)
    .action((permissions: string[], flags: Omit<GrantOptions, 'permissions'>) => action({ ...flags, permissions }));
}

export async function run(options: GrantOptions, factory: Factory): Promise<Result<AclChanges>> {
  const { permissions, user = [], role = [], ...flags } = options;
  const rule = readRule(permissions, flags);
  const [users, roles] = [[...new Set(user)], [...new Set(role)]];
  if (users.length + roles.length === 0) throw usageError('nobody', 'no user or role given', 'Add --user or --role.');
  const found = await readSnapshot(await factory.metaClient(), { users, roles }, factory.context.stop);
  const strangers = users.filter((name) => !found.users.has(name));
  if (strangers.length > 0) throw notFoundError('user', strangers, 'cannot create a grant');
  const strange = roles.filter((name) => !found.roles.has(name));
  if (strange.length > 0) throw notFoundError('role', strange, 'cannot create a grant');
  const named = (names: readonly string[]) => names.map((name) => ({ name }));
  const fields = {
    ...rule,
    ...(users.length === 0 ? {} : { users: named(users) }),
    ...(roles.length === 0 ? {} : { roles: named(roles) }),
  };
  const coarse = permissions.map((one) => (one === 'read' ? 'ReadData' : 'WriteData')).join(' or ');
  factory.logger.info(`A grant gives nothing without ${coarse} on the database, granted directly or through a role.`);
  const before = await readAcl('grant', factory);
  return executeAcl([{ action: 'create', kind: 'grant', id: undefined, fields }], before, factory);
}
