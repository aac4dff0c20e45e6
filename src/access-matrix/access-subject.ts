import { permissionsKey } from '../auth-engine/decoded-permissions.js';
import { hasPermission } from '../desired-state/edits.js';
import type { Permissions, Role, RolesInUserRecords } from '../model/user.js';
import { eachPermission } from './access-cells.js';

/** A user before and after; users with the same permissions and roles have the same changes. */
export interface Subject {
  /** The user record as it was read; undefined where the user does not exist. */
  readonly before: Permissions | undefined;
  /** The same after the changes to the user itself. */
  readonly edited: Permissions | undefined;
  /** What these changes grant. */
  readonly granted: Permissions;
  readonly rolesBefore: readonly Role[];
  readonly rolesAfter: readonly Role[];
}

export const noPermissions: Permissions = new Map();

export function joinPermissions(...all: readonly Permissions[]): Permissions {
  const some = all.filter(({ size }) => size > 0);
  if (some.length < 2) return some[0] ?? noPermissions;
  const joined = new Map<string, Set<string>>();
  for (const permissions of some) {
    for (const [scope, names] of permissions) {
      const known = joined.get(scope);
      if (known === undefined) joined.set(scope, new Set(names));
      else for (const name of names) known.add(name);
    }
  }
  return new Map([...joined].map(([scope, names]) => [scope, [...names]]));
}

function filter(permissions: Permissions, keep: (scope: string, name: string) => boolean): Permissions {
  const kept = new Map<string, readonly string[]>();
  for (const [scope, names] of permissions) {
    const list = names.filter((name) => keep(scope, name));
    if (list.length > 0) kept.set(scope, list);
  }
  return kept;
}

export function mergePermissions(roles: readonly Role[]): Permissions {
  return joinPermissions(...roles.map(({ permissions }) => permissions));
}

/**
 * What the user record may hold after the changes: one value where that is known. Where role permissions may be copied
 * into it, one that only a role gave before may or may not be the user's own, each by itself. All, none, and each alone
 * show whatever depends on it: a single permission is enough to allow something, or to hide what allows it.
 */
export function recordsAfter(
  { before, edited, granted, rolesBefore, rolesAfter }: Subject,
  rolesCopied: RolesInUserRecords,
): readonly (Permissions | undefined)[] {
  if (edited === undefined || rolesCopied === 'no' || rolesBefore.length + rolesAfter.length === 0) return [edited];
  const [gave, give] = [mergePermissions(rolesBefore), mergePermissions(rolesAfter)];
  const isOpen = (scope: string, name: string): boolean =>
    hasPermission(gave, scope, name) &&
    hasPermission(before, scope, name) &&
    !hasPermission(granted, scope, name) &&
    !hasPermission(give, scope, name);
  const sure = joinPermissions(
    filter(edited, (scope, name) => !isOpen(scope, name)),
    give,
  );
  const open = [...eachPermission(edited)].filter(([scope, name]) => isOpen(scope, name));
  const alone = open.map(([scope, name]) => joinPermissions(sure, new Map([[scope, [name]]])));
  const records = [sure, joinPermissions(edited, give), ...alone, ...(rolesCopied === 'unknown' ? [edited] : [])];
  const keyOf = (record: Permissions): string =>
    [...eachPermission(record)]
      .map((permission) => JSON.stringify(permission))
      .sort()
      .join();
  return [...new Map(records.map((record) => [keyOf(record), record])).values()];
}

/** A permission that a user gets or loses, directly or by a role. */
interface GrantChange {
  readonly role: string | undefined;
  readonly scope: string;
  readonly name: string;
}

function differences(role: string | undefined, before: Permissions, after: Permissions): readonly GrantChange[] {
  const only = (one: Permissions, other: Permissions): GrantChange[] =>
    [...eachPermission(one)].flatMap(([scope, name]) =>
      hasPermission(other, scope, name) ? [] : [{ role, scope, name }],
    );
  return [...only(after, before), ...only(before, after)];
}

export function grantChanges({ before, edited, rolesBefore, rolesAfter }: Subject): readonly GrantChange[] {
  const were = new Map(rolesBefore.map((role) => [role.name, role.permissions]));
  const are = new Map(rolesAfter.map((role) => [role.name, role.permissions]));
  const names = [...new Set([...were.keys(), ...are.keys()])].sort();
  return [
    ...differences(undefined, before ?? noPermissions, edited ?? noPermissions),
    ...names.flatMap((name) => differences(name, were.get(name) ?? noPermissions, are.get(name) ?? noPermissions)),
  ];
}

/** Equal for subjects whose changes are the same. */
export function subjectKey({ before, edited, granted, rolesBefore, rolesAfter }: Subject): string {
  const permissions = [before, edited, granted].map((one) => one && permissionsKey(one));
  return JSON.stringify([permissions, ...[rolesBefore, rolesAfter].map((roles) => roles.map(({ name }) => name))]);
}
