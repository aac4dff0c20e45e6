import type { Command } from 'commander';
import type { Change } from '../../change/change.js';
import { readFound } from '../../change/found.js';
import type { Deps } from '../../deps.js';
import type { Result } from '../../output/view.js';
import type { Written } from '../../output/views/written.js';
import { carryOut, resultOf } from '../carry-out.js';
import { nameOf, usersToRemove, type Asks } from '../asks.js';

export interface Options {
  readonly name: string;
  readonly users: readonly string[];
}

export const asks: Asks<Options> = { name: nameOf('role'), users: usersToRemove };

export function define(command: Command, act: (options: Options) => Promise<void>): void {
  command
    .argument('<role>', 'its name')
    .argument('<user...>', 'who is a member no more')
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin role remove-users kapacitor johndoe\n  kapadmin role remove-users kapacitor johndoe janedoe',
    )
    .action((name: string, users: string[]) => act({ name, users }));
}

export async function run({ name, ...options }: Options, deps: Deps): Promise<Result<Written>> {
  const users = [...new Set(options.users)];
  const before = await readFound(await deps.meta(), { roles: [name] }, deps.context.stop);
  const change: Change = { on: 'role', name, action: 'remove-users', users };
  return resultOf(await carryOut({ changes: [change], before }, deps));
}
