import type { Change } from './change.js';
import type { Found } from './found.js';

/** Users that a list of changes adds to a role, by role. */
export type Joining = ReadonlyMap<string, readonly string[]>;

export function joiningOf(changes: readonly Change[]): Joining {
  const joining = new Map<string, string[]>();
  for (const change of changes) {
    if (change.action !== 'add-users') continue;
    const users = joining.get(change.name);
    if (users) users.push(...change.users);
    else joining.set(change.name, [...change.users]);
  }
  return joining;
}

/** The users whose rights a change touches: of a role, its members, those it is about to get included. */
export function holdersOf(change: Change, before: Found, joining: Joining): readonly string[] {
  if (change.on === 'user') return [change.name];
  if (change.action === 'add-users' || change.action === 'remove-users') return change.users;
  return [...(before.roles.get(change.name)?.users ?? []), ...(joining.get(change.name) ?? [])];
}
