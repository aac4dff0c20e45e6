import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import type { Role } from '../../model/user.js';
import { rolesView } from '../../output/views/users-and-roles.js';
import type { Result } from '../../output/view.js';

export const formats = ['csv', 'name'] as const;

export function define(command: Command, action: (options: object) => Promise<void>): void {
  command
    .addHelpText('after', '\nExamples:\n  kapadmin role list\n  kapadmin role list -o name')
    .action(() => action({}));
}

export async function run(_: object, factory: Factory): Promise<Result<readonly Role[]>> {
  const roles = await (await factory.metaClient()).roles({ signal: factory.context.stop });
  return { data: roles.toSorted((a, b) => (a.name < b.name ? -1 : 1)), view: rolesView };
}
