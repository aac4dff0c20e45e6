import { permissions } from '../model/permissions.js';
import type { Permissions } from '../model/user.js';

export const noGrants: Permissions = new Map();

/** Every permission on all databases. */
export const allPermissions: Permissions = new Map([
  ['', permissions.map((row) => row.name).filter((name) => name !== 'NoPermissions')],
]);

/** What `have` is after `more` was granted; an empty scope is left out. */
export function grant(have: Permissions, more: Permissions): Permissions {
  const after = new Map(have);
  for (const [scope, names] of more) {
    const all = new Set([...(after.get(scope) ?? []), ...names]);
    if (all.size > 0) after.set(scope, [...all]);
  }
  return after;
}

/** What `have` is after `less` was revoked. */
export function revoke(have: Permissions, less: Permissions): Permissions {
  const after = new Map(have);
  for (const [scope, names] of less) {
    const left = (after.get(scope) ?? []).filter((name) => !names.includes(name));
    if (left.length > 0) after.set(scope, left);
    else after.delete(scope);
  }
  return after;
}
