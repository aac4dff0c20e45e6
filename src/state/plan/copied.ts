import { perhapsCopied, rolesByMember } from '../../model/roles-in-user-records.js';
import type { RolesInUserRecords } from '../../model/user.js';
import type { Actual, Wanted } from '../wanted.js';
import { editOf, type Edits } from './edits.js';
import { grant, has, without } from './permissions.js';

/** Whether a role gives a permission to a member after the edits. */
function givesAfter(
  edits: Edits,
  actual: Actual,
  name: string,
  user: string,
  scope: string,
  permission: string,
): boolean {
  const role = actual.roles.get(name);
  const edit = edits.roles.get(name);
  if (edit?.isDeleted === true) return false;
  const isMember =
    (role?.users.includes(user) === true && edit?.leave.has(user) !== true) || edit?.join.has(user) === true;
  if (!isMember) return false;
  const had = has(role?.permissions, scope, permission) && !has(edit?.remove, scope, permission);
  return had || has(edit?.add, scope, permission);
}

/**
 * Settles what a user record may have from a role and not for itself: such a permission stays as it is as long as a
 * role gives it. Once none does any more, it is granted where the files list it for the user, and revoked by a prune
 * where they do not: each is right whether or not the user had it directly.
 */
export function settleCopied(edits: Edits, wanted: Wanted, actual: Actual, fact: RolesInUserRecords): void {
  if (fact === 'no') return;
  const roles = rolesByMember(actual.roles.values());
  const joined = new Map<string, string[]>();
  for (const { name, join } of edits.roles.values()) {
    for (const user of join) joined.set(user, [...(joined.get(user) ?? []), name]);
  }
  for (const [name, { permissions }] of wanted.users) {
    const record = actual.users.get(name);
    const own = roles.get(name);
    if (record === undefined || own === undefined) continue;
    const sources = new Set([...own.map((role) => role.name), ...(joined.get(name) ?? [])]);
    for (const [scope, copied] of perhapsCopied(record, own, fact)) {
      for (const permission of copied) {
        const stays = [...sources].some((role) => givesAfter(edits, actual, role, name, scope, permission));
        const edit = editOf(edits, name);
        if (stays) edit.remove = without(edit.remove, scope, permission);
        else if (has(permissions, scope, permission)) edit.add = grant(edit.add, scope, permission);
      }
    }
  }
}
