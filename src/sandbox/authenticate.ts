import { holds } from '../model/effective-permissions.js';
import type { Secret } from '../model/secret.js';
import type { Credentials } from './credentials.js';
import { askCompare, type Asking } from './drive.js';
import type { PasswordMemory } from './password-memory.js';
import { errorReply, type Reply } from './reply.js';
import type { ClusterState, StoredUser } from './store.js';
import { userOfToken, type TokenSecrets } from './token.js';

/** Who may log in at a node. */
export type LoginRule =
  /** Authentication is off. */
  | { readonly kind: 'anyone' }
  /** One name and password, by Basic or query; no tokens. */
  | { readonly kind: 'account'; readonly username: string; readonly password: Secret }
  /** The users of the cluster, and tokens signed with its secrets. */
  | { readonly kind: 'users'; readonly secrets: TokenSecrets };

/** Who sent a request: somebody who may do everything, or a user with the rights it has. */
export type Principal = 'all-rights' | StoredUser;

export type Login = { readonly who: Principal } | { readonly reply: Reply };

export interface LoginFacts {
  readonly state: ClusterState;
  readonly memory: PasswordMemory;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const failed: Login = { reply: errorReply(401, 'authorization failed') };

/** Whether a password fits a stored user; bcrypt is asked for only when memory does not know it. */
export function* passwordFits(user: StoredUser, password: Secret, memory: PasswordMemory): Asking<boolean> {
  if (user.hash.reveal() === '') return false;
  if (memory.knows(user.name, user.hash, password)) return true;
  const fits = yield* askCompare(password, user.hash);
  if (fits) memory.remember(user.name, user.hash, password);
  return fits;
}

export function* authenticate(rule: LoginRule, given: Credentials | undefined, facts: LoginFacts): Asking<Login> {
  if (rule.kind === 'anyone') return { who: 'all-rights' };
  if (rule.kind === 'users' && facts.state.users.size === 0) {
    return { reply: errorReply(400, 'must create admin user first') };
  }
  if (given === undefined) return { reply: errorReply(401, 'unable to parse authentication credentials') };
  if (given.kind === 'bearer') {
    const name = rule.kind === 'users' ? userOfToken(given.token, rule.secrets, facts.now) : undefined;
    const user = name === undefined ? undefined : name === '' ? 'all-rights' : facts.state.users.get(name);
    return user === undefined ? failed : { who: user };
  }
  if (given.username === '') return { reply: errorReply(401, 'username required') };
  if (rule.kind === 'account') {
    const right = given.username === rule.username && given.password.reveal() === rule.password.reveal();
    return right ? { who: 'all-rights' } : failed;
  }
  const user = facts.state.users.get(given.username);
  if (user === undefined || !(yield* passwordFits(user, given.password, facts.memory))) return failed;
  return { who: user };
}

/** Whether users and roles may be read and changed: CreateUserAndRole, held directly or through a role. */
export function mayManageUsers(who: Principal, state: ClusterState): boolean {
  if (who === 'all-rights' || holds(who.permissions, 'CreateUserAndRole', '')) return true;
  for (const role of state.roles.values()) {
    if (role.users.has(who.name) && holds(role.permissions, 'CreateUserAndRole', '')) return true;
  }
  return false;
}
