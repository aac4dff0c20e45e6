import type { Command } from 'commander';
import type { Change, ScopedPermissions } from '../../change/change.js';
import { readFound, type Found } from '../../change/found.js';
import type { Deps } from '../../deps.js';
import { rolesOf } from '../../model/effective.js';
import { showName, showNames, showPermission } from '../../model/name.js';
import type { Result } from '../../output/view.js';
import type { Written } from '../../output/views/written.js';
import { carryOut, happened, resultOf, wrote } from '../carry-out.js';
import { addGrantFlags, noteOfCache, scopedToRevoke, type GrantFlags } from '../grants.js';
import { nameOf, permissionsToRevoke, type Asks } from '../asks.js';

export interface Options extends GrantFlags {
  readonly name: string;
  readonly permissions: readonly string[];
}

export const asks: Asks<Options> = { name: nameOf('user'), permissions: permissionsToRevoke('user') };

export function define(command: Command, act: (options: Options) => Promise<void>): void {
  command.argument('<user>', 'its name').argument('<permission...>', 'such as KapacitorAPI');
  addGrantFlags(command)
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin user revoke johndoe KapacitorAPI\n  kapadmin user revoke writer WriteData --db telegraf',
    )
    .action((name: string, permissions: string[], flags: GrantFlags) => act({ ...flags, name, permissions }));
}

/** Names what the user keeps, through a role or for all databases. */
function noteOfRest(name: string, scoped: readonly ScopedPermissions[], { users, roles }: Found, deps: Deps): void {
  const has = rolesOf(name, roles.values());
  for (const { scope, permissions } of scoped) {
    for (const permission of permissions) {
      const shown = showPermission(permission, scope);
      const by = has.filter((role) => [scope, ''].some((in_) => role.permissions.get(in_)?.includes(permission)));
      const names = by.map((role) => role.name);
      if (names.length > 0) deps.notes.note(`${showName(name)} keeps ${shown} through role ${showNames(names)}`);
      const isEverywhere = scope !== '' && users.get(name)?.permissions.get('')?.includes(permission) === true;
      if (isEverywhere) deps.notes.note(`${showName(name)} keeps ${shown}: it has it for all databases`);
    }
  }
}

export async function run({ name, permissions, ...flags }: Options, deps: Deps): Promise<Result<Written>> {
  const scoped = scopedToRevoke(permissions, flags);
  const before = await readFound(await deps.meta(), { users: [name], roles: 'all' }, deps.context.stop);
  const change: Change = { on: 'user', name, action: 'remove-permissions', permissions: scoped };
  const out = await carryOut({ changes: [change], before }, deps);
  if (happened(out)) noteOfRest(name, scoped, before, deps);
  if (wrote(out)) noteOfCache(name, scoped, deps.notes);
  return resultOf(out);
}
