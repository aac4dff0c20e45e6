import type { Command } from 'commander';
import { type ListedUser, listUsers, notFoundError, type UserFilter } from '../../model/user.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import type { ClusterSupport } from '../../cli/run-on-clusters.js';
import type { Factory } from '../../cli/factory.js';
import { checkPermission } from '../../model/permissions.js';
import { clusterListsView } from '../../output/views/several-clusters.js';
import { usersList, usersView } from '../../output/views/users-and-roles.js';
import type { Result } from '../../output/view.js';
import { refuseForClusters } from '../../settings/flags.js';
import { addStateFlag, readStateFlag, type StateFlag } from '../state-flag.js';

export const formats = ['csv', 'name'] as const;

export const clusters: ClusterSupport<ListOptions> = {
  formats,
  view: () => Promise.resolve(clusterListsView(usersList)),
  prepare: (options) => {
    refuseForClusters({ '--state': options.state });
    return Promise.resolve(options);
  },
};

type ListOptions = UserFilter & StateFlag;

export function define(command: Command, action: (options: ListOptions) => Promise<void>): void {
  addStateFlag(command)
    .option('--permission <permission>', 'only users with this permission')
    .option('--role <role>', 'only members of this role')
    .option('--db <database>', 'only users with a permission on this database or on all databases')
    .option('--via-role', 'include permissions from roles')
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin user list\n  kapadmin user list --permission KapacitorAPI --via-role' +
        '\n  kapadmin user list --permission WriteData --db telegraf -o name' +
        '\n  kapadmin user list --permission KapacitorAPI --state access/' +
        '\n  kapadmin user list --profile prod --profile lab',
    )
    .action((options: ListOptions) => action(options));
}

export async function run(options: ListOptions, factory: Factory): Promise<Result<readonly ListedUser[]>> {
  if (options.permission !== undefined) checkPermission(options.permission);
  const needsRoles = options.role !== undefined || options.viaRole === true || factory.flags.output !== 'name';
  const wanted = needsRoles ? ({ users: 'all', roles: 'all' } as const) : ({ users: 'all' } as const);
  const { users, roles } =
    options.state === undefined
      ? await readSnapshot(await factory.metaClient(), wanted, factory.context.stop)
      : await readStateFlag(options.state, factory);
  if (options.role !== undefined && !roles.has(options.role)) {
    throw notFoundError('role', [options.role], undefined, [...roles.keys()]);
  }
  return { data: listUsers([...users.values()], [...roles.values()], options), view: usersView };
}
