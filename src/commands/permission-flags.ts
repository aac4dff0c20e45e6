import { type Command, Option } from 'commander';
import type { ScopedPermissions } from '../mutations/change.js';
import type { Factory } from '../cli/factory.js';
import { usageError } from '../errors.js';
import {
  checkPermission,
  isKapacitorPermission,
  isPermission,
  type Permissions,
  permissionsOfPreset,
  presetNames,
} from '../model/permissions.js';
import { collectList, showName, showNames } from '../model/text.js';

export interface GrantFlags {
  readonly db?: readonly string[];
  readonly force?: boolean;
  readonly preset?: readonly string[];
}

/** Declares `--db` and `--force` of a command that takes permissions, below a heading of its help. */
export function addGrantFlags(command: Command, group = 'Options:'): Command {
  const text = 'database, repeatable (default: all databases)';
  return command
    .addOption(new Option('--db <database>', text).argParser(collectList).helpGroup(group))
    .addOption(new Option('--force', 'accept permissions that Kapacitor does not know').helpGroup(group));
}

/** Declares `--preset` of a command that gives permissions. */
export function addPresetFlag(command: Command): Command {
  const text = `grant the permissions of a preset, repeatable: ${presetNames.join(', ')}`;
  return command.addOption(new Option('--preset <name>', text).argParser(collectList));
}

function scopePermissions(names: readonly string[], { db }: GrantFlags): readonly ScopedPermissions[] {
  if (db?.includes('') === true) {
    throw usageError('empty-database', '--db is empty', 'Omit it for all databases.');
  }
  const scopes = db === undefined ? [''] : [...new Set(db)];
  return scopes.map((scope) => ({ scope, permissions: [...new Set(names)] }));
}

/**
 * The permissions to revoke, for each database. Throws a usage error, with the nearest name, for one that is unknown,
 * unless `force` is given.
 */
export function resolvePermissionsToRevoke(names: readonly string[], flags: GrantFlags): readonly ScopedPermissions[] {
  if (flags.force !== true) for (const name of names) checkPermission(name);
  return scopePermissions(names, flags);
}

/** The permissions of presets, those of Kapacitor for all databases. */
function presetPermissions({ preset = [], db = [''] }: GrantFlags): readonly ScopedPermissions[] {
  return preset.flatMap((name) => db.flatMap((database) => listScopedPermissions(permissionsOfPreset(name, database))));
}

function mergeScoped(...lists: readonly (readonly ScopedPermissions[])[]): readonly ScopedPermissions[] {
  const all = new Map<string, Set<string>>();
  for (const { scope, permissions } of lists.flat()) {
    all.set(scope, new Set([...(all.get(scope) ?? []), ...permissions]));
  }
  return listScopedPermissions(new Map([...all].map(([scope, permissions]) => [scope, [...permissions]])));
}

/**
 * As `resolvePermissionsToRevoke`, for those to grant, with those of presets: with `force` it warns of what follows from an unknown
 * one.
 */
export function resolvePermissionsToGrant(
  names: readonly string[],
  flags: GrantFlags,
  logger: Factory['logger'],
): readonly ScopedPermissions[] {
  const result = mergeScoped(resolvePermissionsToRevoke(names, flags), presetPermissions(flags));
  for (const name of new Set(names)) {
    if (isPermission(name)) continue;
    logger.warn(
      `Kapacitor does not know ${showName(name)}: it rejects every login of a user that has an unknown permission`,
    );
  }
  const global = kapacitorPermissionNames(result.filter(({ scope }) => scope !== ''));
  if (global.length > 0) {
    logger.warn(
      `${showNames(global)} cannot be limited to a database; this grants ${global.join() === 'KapacitorAPI' ? 'the whole API' : 'all of it'}`,
    );
  }
  return result;
}

/** Permissions of a user record in the form of a change. */
export function listScopedPermissions(permissions: Permissions = new Map()): readonly ScopedPermissions[] {
  return [...permissions]
    .map(([scope, names]) => ({ scope, permissions: names }))
    .filter((scopedPermissions) => scopedPermissions.permissions.length > 0);
}

export function kapacitorPermissionNames(scopedPermissions: readonly ScopedPermissions[]): readonly string[] {
  return [...new Set(scopedPermissions.flatMap(({ permissions }) => permissions.filter(isKapacitorPermission)))];
}
