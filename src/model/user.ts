import type { Answer } from './open-questions.js';
import type { Secret } from './secret.js';
import { KapadminError } from '../errors.js';
import { nearest, quoteName, quoteNames } from './text.js';

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

/**
 * The error for users or roles that the cluster does not have.
 * @param cannot what failed: the text before the colon
 * @param known names to suggest from, where one name is not found
 */
export function notFoundError(
  what: 'user' | 'role',
  names: readonly string[],
  cannot?: string,
  known: readonly string[] = [],
): KapadminError {
  const [only = '', ...others] = names;
  const who = others.length === 0 ? `${what} ${quoteName(only)}` : `${what}s ${quoteNames(names)}`;
  const near = others.length === 0 ? nearest(only, known) : undefined;
  const hint = near === undefined ? `To list all: kapadmin ${what} list` : `Did you mean ${quoteName(near)}?`;
  const message = `${cannot === undefined ? '' : `${cannot}: `}${who} not found`;
  const missing = others.length === 0 && near === undefined && known.length === 0 ? { what, name: only } : undefined;
  return new KapadminError('not-found', `${what}-not-found`, message, { hint, missing });
}
