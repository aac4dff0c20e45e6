import type { MetaClient } from '../meta/api.js';
import type { Role, User } from '../model/user.js';

/** What a read showed: the users and roles that are there, by name. */
export interface Found {
  readonly users: ReadonlyMap<string, User>;
  readonly roles: ReadonlyMap<string, Role>;
}

export type Reader = Pick<MetaClient, 'users' | 'roles'>;

export function foundOf(users: Iterable<User>, roles: Iterable<Role>): Found {
  return {
    users: new Map([...users].map((user) => [user.name, user])),
    roles: new Map([...roles].map((role) => [role.name, role])),
  };
}

/** More names than this are read as one list. */
const mostNamed = 16;

async function readList<T>(
  names: Iterable<string> | 'all' | undefined,
  read: (options: { name?: string; signal: AbortSignal }) => Promise<readonly T[]>,
  signal: AbortSignal,
): Promise<readonly T[]> {
  if (names === undefined) return [];
  const distinct = names === 'all' ? [] : [...new Set(names)];
  if (names === 'all' || distinct.length > mostNamed) return read({ signal });
  return (await Promise.all(distinct.map((name) => read({ name, signal })))).flat();
}

/** Reads the users and roles of these names, or all of them; what is not there is not in the answer. */
export async function readFound(
  client: Reader,
  wanted: { readonly users?: Iterable<string> | 'all'; readonly roles?: Iterable<string> | 'all' },
  signal: AbortSignal,
): Promise<Found> {
  const [users, roles] = await Promise.all([
    readList(wanted.users, (options) => client.users(options), signal),
    readList(wanted.roles, (options) => client.roles(options), signal),
  ]);
  return foundOf(users, roles);
}
