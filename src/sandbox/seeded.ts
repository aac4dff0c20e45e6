import { Secret } from '../model/secret.js';
import type { Account, DescribedRole, DescribedUser } from './description.js';
import type { SlowBcrypt } from './drive.js';
import { allPermissions, grant, noGrants } from './grants.js';
import type { PasswordMemory } from './password-memory.js';
import { emptyState, type ClusterState } from './store.js';

/** What a sandbox holds at its start. */
export interface Seed {
  readonly users: readonly DescribedUser[];
  readonly roles: readonly DescribedRole[];
}

/** The state with users whose hashes are made. */
export function stateOf(users: readonly DescribedUser[], roles: readonly DescribedRole[]): ClusterState {
  const state = emptyState();
  for (const { name, hash, ldap, permissions } of users) {
    state.users.set(name, { name, hash: hash ?? new Secret(''), ldap, permissions: grant(noGrants, permissions) });
  }
  for (const { name, permissions, users: members } of roles) {
    state.roles.set(name, { name, permissions: grant(noGrants, permissions), users: new Set(members) });
  }
  return state;
}

/** Adds the account that has every permission; a user of this name in the seed stays as it is but for a missing password. */
export function withAdmin(users: readonly DescribedUser[], admin: Account): readonly DescribedUser[] {
  const { username: name, password } = admin;
  const there = users.find((user) => user.name === name);
  if (there === undefined) return [{ name, password, ldap: false, permissions: allPermissions }, ...users];
  if (there.password !== undefined || there.hash !== undefined) return users;
  return users.map((user) => (user === there ? { ...user, password } : user));
}

/** Makes the hashes of a seed; users of one password share one hash, so that ten thousand of them start quickly. */
export async function hashSeed(seed: Seed, bcrypt: SlowBcrypt, memory: PasswordMemory): Promise<ClusterState> {
  const hashes = new Map<string, Secret>();
  const users: DescribedUser[] = [];
  for (const user of seed.users) {
    const { name, password } = user;
    if (user.hash !== undefined || password === undefined) {
      users.push(user);
      continue;
    }
    const hash = hashes.get(password.reveal()) ?? (await bcrypt.hash(password));
    hashes.set(password.reveal(), hash);
    memory.remember(name, hash, password);
    users.push({ ...user, hash });
  }
  return stateOf(users, seed.roles);
}
