import type { Answer } from './open-questions.js';
import type { Secret } from './secret.js';

/** Permission names by scope; the scope `""` means all databases. */
export type Permissions = ReadonlyMap<string, readonly string[]>;

export interface User {
  readonly name: string;
  /** The stored password hash; absent or empty for users of LDAP. */
  readonly hash: Secret | undefined;
  readonly permissions: Permissions;
}

/**
 * Whether a cluster copies the permissions of a role into the user records of its members: what `GET /user` returns,
 * and all that Kapacitor reads.
 */
export type RolesInUserRecords = Answer;

export interface Role {
  readonly name: string;
  readonly permissions: Permissions;
  /** Names of the members. */
  readonly users: readonly string[];
}
