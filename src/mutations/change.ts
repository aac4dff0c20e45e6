import { showName, showNames, showPermission } from '../model/text.js';
import { everyPermission } from '../model/permissions.js';

/** Where a password or hash comes from: a reference, so that a list of changes never holds the secret itself. */
export type SecretRef =
  | { readonly from: 'env'; readonly name: string }
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'generate' }
  /** The hash in the state file for the user of this name. */
  | { readonly from: 'state'; readonly file: string }
  /** Given to this very command (standard input, prompt, argument); such a list cannot be saved. */
  | { readonly from: 'given' };

/** Permissions of one scope; `""` means all databases. */
export interface ScopedPermissions {
  readonly scope: string;
  readonly permissions: readonly string[];
}

export type UserChange = { readonly on: 'user'; readonly name: string } & (
  | { readonly action: 'create'; readonly password?: SecretRef; readonly hash?: SecretRef }
  | { readonly action: 'delete' }
  | { readonly action: 'change-password'; readonly password: SecretRef }
  | { readonly action: 'add-permissions' | 'remove-permissions'; readonly permissions: readonly ScopedPermissions[] }
);

export type RoleChange = { readonly on: 'role'; readonly name: string } & (
  | { readonly action: 'create' | 'delete' }
  | { readonly action: 'add-users' | 'remove-users'; readonly users: readonly string[] }
  | { readonly action: 'add-permissions' | 'remove-permissions'; readonly permissions: readonly ScopedPermissions[] }
);

/** One write to the meta API as a plain value: what `--dry-run` and `plan` print and what the executor applies. */
export type Change = UserChange | RoleChange;

const verbs = {
  create: ['create', 'created'],
  delete: ['delete', 'deleted'],
  'change-password': ['change', 'changed'],
  'add-permissions': ['grant', 'granted'],
  'remove-permissions': ['revoke', 'revoked'],
  'add-users': ['add', 'added'],
  'remove-users': ['remove', 'removed'],
} as const;

const maxPermissions = 20;

function describeScope({ scope, permissions: names }: ScopedPermissions): readonly string[] {
  const has = new Set(names);
  if (!everyPermission.every((name) => has.has(name))) return names.map((name) => showPermission(name, scope));
  return [scope === '' ? 'all permissions' : `all permissions on ${showName(scope)}`];
}

function describePermissions(scoped: readonly ScopedPermissions[]): string {
  const all = scoped.flatMap(describeScope);
  const shown = all.slice(0, maxPermissions).join(', ');
  return all.length > maxPermissions ? `${shown} and ${all.length - maxPermissions} more` : shown;
}

function sentence(change: Change, tense: 0 | 1): string {
  const verb = verbs[change.action][tense];
  const target = `${change.on} ${showName(change.name)}`;
  switch (change.action) {
    case 'create':
    case 'delete':
      return `${verb} ${target}`;
    case 'change-password':
      return `${verb} the password of ${target}`;
    case 'add-permissions':
      return `${verb} ${describePermissions(change.permissions)} to ${target}`;
    case 'remove-permissions':
      return `${verb} ${describePermissions(change.permissions)} from ${target}`;
    case 'add-users':
      return `${verb} ${showNames(change.users)} to ${target}`;
    case 'remove-users':
      return `${verb} ${showNames(change.users)} from ${target}`;
  }
}

/** What a change is to do: `grant ReadData on telegraf to user johndoe`. */
export function describePlanned(change: Change): string {
  return sentence(change, 0);
}

/** What a change did: `granted ReadData on telegraf to user johndoe`. */
export function describeDone(change: Change): string {
  return sentence(change, 1);
}

/** Why a change is not needed: `user johndoe already has KapacitorAPI`. */
export function describeUnchanged(change: Change): string {
  const target = `${change.on} ${showName(change.name)}`;
  switch (change.action) {
    case 'create':
      return `${target} already exists`;
    case 'delete':
      return `${target} not found`;
    case 'change-password':
      return `${target} already has this password`;
    case 'add-permissions':
      return `${target} already has ${describePermissions(change.permissions)}`;
    case 'remove-permissions':
      return `${target} does not have ${describePermissions(change.permissions)}`;
    case 'add-users':
      return `${target} already has ${showNames(change.users)} as a member`;
    case 'remove-users':
      return `${target} does not have ${showNames(change.users)} as a member`;
  }
}
