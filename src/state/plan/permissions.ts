import type { ScopedPermissions } from '../../mutations/change.js';
import type { Permissions } from '../../model/user.js';

/** Permissions by scope, as the plan adds or removes them. */
export type Grants = Map<string, string[]>;

export const noPermissions: Permissions = new Map();

/** What `a` holds and `b` does not; undefined where that is nothing. */
export function minus(a: Permissions = noPermissions, b: Permissions = noPermissions): Grants | undefined {
  let rest: Grants | undefined;
  for (const [scope, names] of a) {
    const there = b.get(scope);
    for (const name of names) {
      if (there?.includes(name) === true) continue;
      rest = grant(rest, scope, name);
    }
  }
  return rest;
}

/** Adds a permission, once. */
export function grant(grants: Grants | undefined, scope: string, name: string): Grants {
  const all = grants ?? new Map<string, string[]>();
  const names = all.get(scope);
  if (names === undefined) all.set(scope, [name]);
  else if (!names.includes(name)) names.push(name);
  return all;
}

export function has(permissions: Permissions | undefined, scope: string, name: string): boolean {
  return permissions?.get(scope)?.includes(name) === true;
}

/** Takes a permission out; what is left, undefined where that is nothing. */
export function without(grants: Grants | undefined, scope: string, name: string): Grants | undefined {
  if (grants === undefined || !has(grants, scope, name)) return grants;
  const names = (grants.get(scope) ?? []).filter((other) => other !== name);
  if (names.length > 0) grants.set(scope, names);
  else grants.delete(scope);
  return grants.size > 0 ? grants : undefined;
}

export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** As a change holds them: scopes and names sorted. */
export function scoped(grants: Permissions): readonly ScopedPermissions[] {
  if (grants.size === 1) {
    const [[scope, names] = ['', []]] = grants;
    return [{ scope, permissions: names.length > 1 ? [...names].sort(byText) : names }];
  }
  return [...grants]
    .sort(([a], [b]) => byText(a, b))
    .map(([scope, names]) => ({ scope, permissions: [...names].sort(byText) }));
}
