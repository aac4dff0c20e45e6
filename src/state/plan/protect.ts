import type { Change } from '../../change/change.js';
import type { Actual } from '../wanted.js';
import type { Edits } from './edits.js';
import { byText, has, without } from './permissions.js';

/** A removal that the plan leaves out to keep an account. */
export interface Kept {
  readonly user: string;
  readonly reason: 'own-account' | 'last-user-manager';
  readonly change: Change;
}

export interface Protection {
  /** The account that sends the changes. */
  readonly login: string | undefined;
  /** Users that may be removed or disarmed all the same. */
  readonly allowRemove: ReadonlySet<string>;
}

/** The permission without which nobody can mend users and roles. */
const right = 'CreateUserAndRole';

const removeRight = { action: 'remove-permissions', permissions: [{ scope: '', permissions: [right] }] } as const;

/** Users that can manage users now, and after the edits. */
function managers(edits: Edits, actual: Actual): { before: Set<string>; after: Set<string> } {
  const before = new Set<string>();
  const after = new Set<string>();
  for (const user of actual.users.values()) {
    const edit = edits.users.get(user.name);
    const had = has(user.permissions, '', right);
    if (had) before.add(user.name);
    if (edit?.isDeleted === true) continue;
    if ((had && !has(edit?.remove, '', right)) || has(edit?.add, '', right)) after.add(user.name);
  }
  for (const { name, isNew, add } of edits.users.values()) if (isNew && has(add, '', right)) after.add(name);
  for (const name of new Set([...actual.roles.keys(), ...edits.roles.keys()])) {
    const role = actual.roles.get(name);
    const edit = edits.roles.get(name);
    const had = has(role?.permissions, '', right);
    const keeps = edit?.isDeleted !== true && ((had && !has(edit?.remove, '', right)) || has(edit?.add, '', right));
    for (const user of role?.users ?? []) {
      if (!actual.users.has(user)) continue;
      if (had) before.add(user);
      if (keeps && edits.users.get(user)?.isDeleted !== true && edit?.leave.has(user) !== true) after.add(user);
    }
    if (keeps) for (const user of edit?.join ?? []) after.add(user);
  }
  return { before, after };
}

/** Takes back what would disarm a user: its own right, else all roles that give it, so that a second plan does the same. */
function keepArmed(name: string, edits: Edits, actual: Actual, keep: (change: Change) => void): void {
  const edit = edits.users.get(name);
  if (has(actual.users.get(name)?.permissions, '', right)) {
    if (edit === undefined || !has(edit.remove, '', right)) return;
    edit.remove = without(edit.remove, '', right);
    keep({ on: 'user', name, ...removeRight });
    return;
  }
  const giving = [...actual.roles.values()].filter((role) => {
    return has(role.permissions, '', right) && role.users.includes(name);
  });
  for (const role of giving.sort((a, b) => byText(a.name, b.name))) keepRole(role.name, name, edits, keep);
}

/** Takes back what would keep a role from giving the right to a member. */
function keepRole(name: string, member: string, edits: Edits, keep: (change: Change) => void): void {
  const role = edits.roles.get(name);
  if (role === undefined) return;
  if (role.isDeleted) {
    role.isDeleted = false;
    keep({ on: 'role', name, action: 'delete' });
  }
  if (has(role.remove, '', right)) {
    role.remove = without(role.remove, '', right);
    keep({ on: 'role', name, ...removeRight });
  }
  if (role.leave.delete(member)) keep({ on: 'role', name, action: 'remove-users', users: [member] });
}

/**
 * Takes back the removals that would delete or disarm the account in use, or leave nobody that can manage users.
 * Returns what was taken back.
 */
export function protect(edits: Edits, actual: Actual, { login, allowRemove }: Protection): readonly Kept[] {
  const kept: Kept[] = [];
  const guard = (users: readonly string[], reason: Kept['reason'], armed: ReadonlySet<string>): void => {
    for (const user of users) {
      const edit = edits.users.get(user);
      if (edit?.isDeleted !== true) continue;
      edit.isDeleted = false;
      kept.push({ user, reason, change: { on: 'user', name: user, action: 'delete' } });
    }
    const { after } = managers(edits, actual);
    for (const user of users) {
      if (!armed.has(user) || after.has(user)) continue;
      keepArmed(user, edits, actual, (change) => void kept.push({ user, reason, change }));
    }
  };
  const { before } = managers(edits, actual);
  if (login !== undefined && !allowRemove.has(login)) guard([login], 'own-account', before);
  if (before.size > 0 && managers(edits, actual).after.size === 0) {
    const last = [...before].filter((user) => !allowRemove.has(user)).sort(byText);
    guard(last, 'last-user-manager', before);
  }
  return kept;
}
