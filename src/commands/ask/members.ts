import { notFound } from '../../mutations/guard.js';
import { readFound } from '../../mutations/snapshot.js';
import type { Deps } from '../../cli/factory.js';
import { usageError } from '../../errors.js';
import { showName } from '../../model/text.js';
import type { Role, User } from '../../model/user.js';
import { permissionsCell } from '../../output/views/users.js';
import { checklist, type Row } from './checklist.js';
import { typedName } from './name.js';

/** Of more users than this nobody reads a list: one name is asked for. */
const mostListed = 200;

function found(name: string, roles: ReadonlyMap<string, Role>): Role {
  const role = roles.get(name);
  if (role !== undefined) return role;
  throw notFound('role', [name]);
}

async function choose(question: string, rows: readonly Row[], deps: Deps): Promise<readonly string[]> {
  if (rows.length > mostListed) return [await typedName('user', deps)];
  return checklist(question, rows, deps);
}

function rowsOf(users: readonly User[]): readonly Row[] {
  return users
    .map(({ name, permissions }) => ({ name, about: permissionsCell(permissions).join(', ') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Asks which users become members of a role, of those that are not. */
export async function chooseToAdd(name: string, deps: Deps): Promise<readonly string[]> {
  const wanted = { users: 'all', roles: [name] } as const;
  const { users, roles } = await readFound(await deps.meta(), wanted, deps.context.stop);
  const members = new Set(found(name, roles).users);
  const others = [...users.values()].filter((user) => !members.has(user.name));
  if (others.length > 0) return choose(`Users to add to role ${showName(name)}`, rowsOf(others), deps);
  throw usageError('nobody-to-add', `all users are members of role ${showName(name)} already`);
}

/** Asks which members a role loses. */
export async function chooseToRemove(name: string, deps: Deps): Promise<readonly string[]> {
  const { roles } = await readFound(await deps.meta(), { roles: [name] }, deps.context.stop);
  const members = found(name, roles).users.toSorted();
  if (members.length > 0) {
    const rows = members.map((user) => ({ name: user, about: '' }));
    return choose(`Users to remove from role ${showName(name)}`, rows, deps);
  }
  throw usageError('no-members', `role ${showName(name)} has no members`);
}
