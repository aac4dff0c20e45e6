import { createHash } from 'node:crypto';
import type { Change } from '../mutations/change.js';
import type { Permissions } from '../model/user.js';
import { byText, scoped } from './plan/permissions.js';
import type { Actual } from './wanted.js';

/** The state of one user or role as a text that says nothing. */
export interface Expected {
  readonly on: 'user' | 'role';
  readonly name: string;
  readonly digest: string;
}

const length = 27;

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, length);
}

function held(permissions: Permissions): unknown {
  return scoped(permissions).filter((scope) => scope.permissions.length > 0);
}

function digestOf(on: 'user' | 'role', name: string, actual: Actual): string {
  if (on === 'user') {
    const user = actual.users.get(name);
    return user === undefined ? 'absent' : digest([held(user.permissions), user.hash?.reveal() ?? null]);
  }
  const role = actual.roles.get(name);
  return role === undefined ? 'absent' : digest([held(role.permissions), [...new Set(role.users)].sort(byText)]);
}

/** The users and roles that changes touch, as they were read; hashes go in as a digest only. */
export function expectedOf(changes: readonly Change[], actual: Actual): readonly Expected[] {
  const seen = new Set<string>();
  return changes.flatMap(({ on, name }): Expected[] => {
    const key = `${on} ${name}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ on, name, digest: digestOf(on, name, actual) }];
  });
}

/** Those that are no longer as they were read. */
export function movedOn(expected: readonly Expected[], actual: Actual): readonly Expected[] {
  return expected.filter(({ on, name, digest }) => digestOf(on, name, actual) !== digest);
}
