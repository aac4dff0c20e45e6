import type { Permissions, Role, User } from '../../model/user.js';
import type { Actual } from '../wanted.js';
import type { Edits, RoleEdit, UserEdit } from './edits.js';
import { has, minus, noPermissions } from './permissions.js';

function changed(permissions: Permissions, { add, remove }: UserEdit | RoleEdit): Permissions {
  const after = new Map<string, readonly string[]>();
  for (const [scope, names] of permissions)
    after.set(
      scope,
      names.filter((name) => !has(remove, scope, name)),
    );
  for (const [scope, names] of add ?? []) after.set(scope, [...(after.get(scope) ?? []), ...names]);
  return after;
}

function changedRole(name: string, role: Role | undefined, edit: RoleEdit): Role {
  const stay = (role?.users ?? []).filter((user) => !edit.leave.has(user));
  return { name, permissions: changed(role?.permissions ?? noPermissions, edit), users: [...stay, ...edit.join] };
}

/** The cluster after these edits; a deleted user leaves its roles. */
export function after(edits: Edits, actual: Actual): Actual {
  const users = new Map<string, User>(actual.users);
  const roles = new Map<string, Role>(actual.roles);
  const deleted = new Set<string>();
  for (const [name, edit] of edits.users) {
    const user = users.get(name);
    if (edit.isDeleted) {
      users.delete(name);
      deleted.add(name);
    } else users.set(name, { name, hash: user?.hash, permissions: changed(user?.permissions ?? noPermissions, edit) });
  }
  for (const [name, edit] of edits.roles) {
    if (edit.isDeleted) roles.delete(name);
    else roles.set(name, changedRole(name, roles.get(name), edit));
  }
  if (deleted.size > 0) {
    for (const [name, role] of roles) {
      if (role.users.some((user) => deleted.has(user))) {
        roles.set(name, { ...role, users: role.users.filter((user) => !deleted.has(user)) });
      }
    }
  }
  return { users, roles };
}

/** The edits that lead from one cluster to another, of the users and roles that some edits touch. */
export function between(from: Actual, to: Actual, touched: readonly Edits[]): Edits {
  const users = new Map<string, UserEdit>();
  const roles = new Map<string, RoleEdit>();
  for (const name of new Set(touched.flatMap((edits) => [...edits.users.keys()]))) {
    const [old, made] = [from.users.get(name), to.users.get(name)];
    users.set(name, {
      name,
      isNew: old === undefined,
      isDeleted: made === undefined,
      add: minus(made?.permissions, old?.permissions),
      remove: made === undefined ? undefined : minus(old?.permissions, made.permissions),
    });
  }
  for (const name of new Set(touched.flatMap((edits) => [...edits.roles.keys()]))) {
    const [old, made] = [from.roles.get(name), to.roles.get(name)];
    const [before, now] = [new Set(old?.users), new Set(made?.users)];
    const isDeleted = made === undefined;
    roles.set(name, {
      name,
      isNew: old === undefined,
      isDeleted,
      add: minus(made?.permissions, old?.permissions),
      remove: isDeleted ? undefined : minus(old?.permissions, made.permissions),
      join: new Set([...now].filter((user) => !before.has(user))),
      leave: new Set([...before].filter((user) => !isDeleted && !now.has(user) && users.get(user)?.isDeleted !== true)),
    });
  }
  return { users, roles };
}

/** Whether edits change anything at all. */
export function isNothing({ users, roles }: Edits): boolean {
  const changes = ({ isNew, isDeleted, add, remove }: UserEdit | RoleEdit): boolean => {
    return isNew || isDeleted || add !== undefined || remove !== undefined;
  };
  const moves = ({ join, leave }: RoleEdit): boolean => join.size > 0 || leave.size > 0;
  return ![...users.values()].some(changes) && ![...roles.values()].some((edit) => changes(edit) || moves(edit));
}
