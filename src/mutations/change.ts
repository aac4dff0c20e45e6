import { listSome, pluralize, showName, showNames, showPermission } from '../model/text.js';
import { everyPermission } from '../model/permissions.js';
import { commandLine } from '../model/shell-command.js';
import type { StopSignal } from '../context.js';
import { type ErrorKind, KapadminError, stopKind } from '../errors.js';

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

/** The changes that create a role with these permissions and members. */
export function roleCreation(
  name: string,
  permissions: readonly ScopedPermissions[],
  users: readonly string[],
): Change[] {
  return [
    { on: 'role', name, action: 'create' },
    ...(permissions.length > 0 ? [{ on: 'role', name, action: 'add-permissions', permissions } as const] : []),
    ...(users.length > 0 ? [{ on: 'role', name, action: 'add-users', users } as const] : []),
  ];
}

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

function describePermissions(permissions: readonly ScopedPermissions[]): string {
  const all = permissions.flatMap(describeScope);
  return listSome(all, maxPermissions);
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

/** How a change ended. */
export type MutationOutcome =
  | { readonly status: 'done' }
  /** Already applied: nothing was sent for it. */
  | { readonly status: 'unchanged' }
  /** It did not happen. */
  | { readonly status: 'failed'; readonly error: KapadminError }
  /** It was sent, and whether it happened could not be found out. */
  | { readonly status: 'unknown'; readonly error: KapadminError }
  /** Nothing was sent for it; `because` is absent where the run was stopped before it. */
  | { readonly status: 'not-started'; readonly because?: string };

export type ChangeStatus = MutationOutcome['status'];

export type ChangeResult = MutationOutcome & { readonly change: Change };

/** The outcome of each change, in the given order. */
export interface ExecutionSummary {
  readonly results: readonly ChangeResult[];
  /** The signal that stopped the run before its end. */
  readonly stopped?: StopSignal;
}

const maxNamed = 3;

/** Whether a change is made, now or before; not one that has not ended. */
export function isSuccess(outcome: MutationOutcome | undefined): boolean {
  return outcome?.status === 'done' || outcome?.status === 'unchanged';
}

/** One word for the end of all changes to one user or role; undefined where nothing was tried. */
function targetKind(results: readonly ChangeResult[]): ErrorKind | undefined {
  const failed = results.flatMap((result) => (result.status === 'failed' ? [result.error.kind] : []));
  if (results.some((result) => result.status === 'unknown')) return 'partial';
  if (failed.length > 0) {
    const kind = failed[0] ?? 'partial';
    return results.some((result) => result.status === 'done') || failed.some((other) => other !== kind)
      ? 'partial'
      : kind;
  }
  return results.some(isSuccess) ? 'done' : undefined;
}

/**
 * The kind of a run's end: `done` when all is as desired; the common kind of the errors when nothing else happened; else
 * `partial`; that of the signal when it was stopped before its end.
 */
export function summaryKind(summary: ExecutionSummary): ErrorKind {
  const { results, stopped } = summary;
  if (results.every(isSuccess)) return 'done';
  if (results.some((result) => 'error' in result && result.error.kind === 'bug')) return 'bug';
  if (stopped !== undefined) return stopKind(stopped);
  const targets = new Map<string, ChangeResult[]>();
  for (const result of results) {
    const key = `${result.change.on} ${result.change.name}`;
    const same = targets.get(key);
    if (same) same.push(result);
    else targets.set(key, [result]);
  }
  const ends = new Set([...targets.values()].map(targetKind));
  ends.delete(undefined);
  const [only] = ends;
  return ends.size === 1 && only !== undefined && only !== 'done' ? only : 'partial';
}

function counts(results: readonly ChangeResult[]): string {
  const of = (status: ChangeStatus): number => results.filter((result) => result.status === status).length;
  const parts = [
    [of('done') + of('unchanged'), 'done'],
    [of('failed'), 'failed'],
    [of('unknown'), 'with unknown result'],
    [of('not-started'), 'not started'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word], i) => `${i === 0 ? pluralize(count, 'change') : count} ${word}`)
    .join(', ');
}

function resultMessage(result: ChangeResult): string {
  if (result.status === 'failed' || result.status === 'unknown') return result.error.message;
  const why = result.status === 'not-started' ? result.because : undefined;
  return why === undefined ? describePlanned(result.change) : `${describePlanned(result.change)}: ${why}`;
}

/** What to do about the first error: of an unknown result, how to find it out. */
function hintOf({ change, status, error }: ChangeResult & { readonly error: KapadminError }): string | undefined {
  if (status !== 'unknown' || error.kind === 'bug') return error.hint;
  if (error.code === 'not-visible' && error.hint !== undefined) return error.hint;
  const show = commandLine(change.on === 'user' ? 'kapadmin user show' : 'kapadmin role show', [change.name]);
  return `To see the result: ${String(show)}. If the change is missing, run the command again.`;
}

/** The error of a run that is not all done, naming what failed; undefined when all is as desired. */
export function summaryError(summary: ExecutionSummary): KapadminError | undefined {
  const { results, stopped } = summary;
  const end = summaryKind(summary);
  if (end === 'done') return undefined;
  const wrong = results.filter((result) => !isSuccess(result));
  const errors = wrong.flatMap((result) => (result.status === 'failed' || result.status === 'unknown' ? [result] : []));
  const [first] = errors;
  const hint = first === undefined ? undefined : hintOf(first);
  const namesWrite = first?.status === 'failed' || (first !== undefined && first.error.kind !== 'bug');
  if (errors.length === 1 && namesWrite && end === first.error.kind && stopped === undefined) {
    return new KapadminError(end, first.error.code, first.error.message, { hint, cause: first.error });
  }
  const named = listSome((errors.length > 0 ? errors : wrong).map(resultMessage), maxNamed, '; ');
  const what = stopped === undefined ? '' : `stopped by ${stopped}: `;
  const code = stopped !== undefined ? end : end === 'partial' ? 'partly-done' : (first?.error.code ?? end);
  return new KapadminError(end, code, `${what}${counts(results)}: ${named}`, {
    hint,
    cause: first?.error,
  });
}

/** The same failure for a reader who has seen each error: only how many there are. */
export function countedError({ results, stopped }: ExecutionSummary, failure: KapadminError): KapadminError {
  const what = stopped === undefined ? '' : `stopped by ${stopped}: `;
  const message = `${what}${counts(results)}; each is listed in the output`;
  return new KapadminError(failure.kind, failure.code, message, { hint: failure.hint, cause: failure });
}
