import type { PromptSpecs } from '../../cli/command.js';
import type { Command } from 'commander';
import { notFoundError, type Role } from '../../model/user.js';
import { readSnapshot } from '../../mutations/snapshot.js';
import type { Factory } from '../../cli/factory.js';
import { roleView } from '../../output/views/users-and-roles.js';
import type { Result } from '../../output/view.js';
import { noteLackingMembers } from '../kapacitor-notes.js';
import { namePrompt } from '../prompts.js';

interface ShowOptions {
  readonly name: string;
}

export const prompts: PromptSpecs<ShowOptions> = { name: namePrompt('role') };

export function define(command: Command, action: (options: ShowOptions) => Promise<void>): void {
  command
    .argument('<role>', 'name of the role')
    .addHelpText('after', '\nExamples:\n  kapadmin role show kapacitor\n  kapadmin role show kapacitor -o json')
    .action((name: string) => action({ name }));
}

export async function run({ name }: ShowOptions, factory: Factory): Promise<Result<Role>> {
  const { roles } = await readSnapshot(await factory.metaClient(), { roles: [name] }, factory.context.stop);
  const role = roles.get(name);
  if (role === undefined) {
    throw notFoundError('role', [name]);
  }
  await noteLackingMembers([name], factory);
  return { data: role, view: roleView };
}
