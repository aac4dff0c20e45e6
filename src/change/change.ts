/** Where a password or hash comes from: a reference, so that a list of changes never holds the secret itself. */
export type SecretRef =
  | { readonly from: 'env'; readonly name: string }
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'generate' }
  /** The hash that stands in a file of wanted state at the user of this name. */
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

/** One write to the meta API, as a plain value: what `--dry-run` and `plan` print and what the executor carries out. */
export type Change = UserChange | RoleChange;
