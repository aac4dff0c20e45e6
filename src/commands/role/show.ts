import type { Asks } from '../../cli/command.js';
import type { Command } from 'commander';
import { notFoundError } from '../../mutations/dependency-guard.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import type { Deps } from '../../cli/factory.js';
import type { Role } from '../../model/user.js';
import { roleView } from '../../output/views/users.js';
import type { Result } from '../../output/view.js';
import { noteLackingMembers } from '../roles-in-user-records.js';
import { nameOf } from '../prompts.js';

interface ShowOptions {
  readonly name: string;
}

export const asks: Asks<ShowOptions> = { name: nameOf('role') };

export function define(command: Command, act: (options: ShowOptions) => Promise<void>): void {
  command
    .argument('<role>', 'name of the role')
    .addHelpText('after', '\nExamples:\n  kapadmin role show kapacitor\n  kapadmin role show kapacitor -o json')
    .action((name: string) => act({ name }));
}

export async function run({ name }: ShowOptions, deps: Deps): Promise<Result<Role>> {
  const { roles } = await readSnapshot(await deps.meta(), { roles: [name] }, deps.context.stop);
  const role = roles.get(name);
  if (role === undefined) {
    throw notFoundError('role', [name]);
  }
  await noteLackingMembers([name], deps);
  return { data: role, view: roleView };
}
