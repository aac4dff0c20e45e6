import * as v from 'valibot';
import type { Change } from '../mutations/change.js';
import { usageError } from '../errors.js';
import { excerpt } from '../model/text.js';
import type { ProtectedChange } from './protect.js';
import { createHash } from 'node:crypto';
import type { Permissions } from '../model/permissions.js';
import { compareStrings, toScopedPermissions } from './diff.js';
import type { CurrentState } from './desired-state.js';

/** A saved plan: references to secrets, never the secrets. */
export interface PlanFile {
  /** The meta nodes it was made with. */
  readonly nodes: readonly string[];
  readonly changes: readonly Change[];
  readonly expected: readonly ExpectedState[];
  readonly protectedChanges: readonly ProtectedChange[];
}

const version = 1;

const on = v.picklist(['user', 'role']);
const names = v.array(v.string());
const scopes = v.array(v.object({ scope: v.string(), permissions: names }));
const secretRef = v.variant('from', [
  v.object({ from: v.literal('env'), name: v.string() }),
  v.object({ from: v.literal('file'), path: v.string() }),
  v.object({ from: v.literal('generate') }),
  v.object({ from: v.literal('state'), file: v.string() }),
]);

const user = { on: v.literal('user'), name: v.string() };
const role = { on: v.literal('role'), name: v.string() };
const granting = v.picklist(['add-permissions', 'remove-permissions']);

const change = v.union([
  v.object({
    ...user,
    action: v.literal('create'),
    password: v.exactOptional(secretRef),
    hash: v.exactOptional(secretRef),
  }),
  v.object({ ...user, action: v.literal('delete') }),
  v.object({ ...user, action: v.literal('change-password'), password: secretRef }),
  v.object({ ...user, action: granting, permissions: scopes }),
  v.object({ ...role, action: v.picklist(['create', 'delete']) }),
  v.object({ ...role, action: v.picklist(['add-users', 'remove-users']), users: names }),
  v.object({ ...role, action: granting, permissions: scopes }),
]);

const planFile = v.object({
  kapadminPlan: v.literal(version),
  nodes: names,
  changes: v.array(change),
  expected: v.array(v.object({ on, name: v.string(), digest: v.string() })),
  protectedChanges: v.array(
    v.object({ user: v.string(), reason: v.picklist(['own-account', 'last-user-manager']), change }),
  ),
});

/** A saved plan as JSON with one change a line, so that two plans can be compared. */
export function writePlanFile({ nodes, changes, expected, protectedChanges }: PlanFile): string {
  const lines = (items: readonly unknown[]): string => items.map((item) => `\n  ${JSON.stringify(item)}`).join(',');
  const parts = [
    `"kapadminPlan": ${version}`,
    `"nodes": ${JSON.stringify(nodes)}`,
    `"changes": [${lines(changes)}]`,
    `"protectedChanges": [${lines(protectedChanges)}]`,
    `"expected": [${lines(expected)}]`,
  ];
  return `{ ${parts.join(',\n  ')} }\n`;
}

/** Whether a file looks like a saved plan. */
export function isPlanFile(text: string): boolean {
  return /^\s*\{\s*"kapadminPlan"/.test(text);
}

/** Throws a usage error if it is not a plan of this version. */
export function readPlanFile(file: string, text: string): PlanFile {
  const wrong = (reason: string): Error => {
    return usageError(
      'bad-plan-file',
      `${excerpt(file)} is not a valid saved plan: ${reason}`,
      'Create it again: kapadmin plan --out FILE',
    );
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong('it is incomplete');
  }
  const result = v.safeParse(planFile, value, { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    throw wrong(excerpt(`${v.getDotPath(issue) ?? 'the file'} is invalid`, 100));
  }
  const { kapadminPlan: _, ...plan } = result.output;
  return plan;
}

/** A digest of the state of one user or role. */
export interface ExpectedState {
  readonly on: 'user' | 'role';
  readonly name: string;
  readonly digest: string;
}

const digestLength = 27;

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, digestLength);
}

function held(permissions: Permissions): unknown {
  return toScopedPermissions(permissions).filter((scope) => scope.permissions.length > 0);
}

function digestOf(on: 'user' | 'role', name: string, cluster: CurrentState): string {
  if (on === 'user') {
    const user = cluster.users.get(name);
    return user === undefined ? 'absent' : digest([held(user.permissions), user.hash?.reveal() ?? null]);
  }
  const role = cluster.roles.get(name);
  return role === undefined
    ? 'absent'
    : digest([held(role.permissions), [...new Set(role.users)].sort(compareStrings)]);
}

/** The users and roles that changes touch, as they were read; hashes go in as a digest only. */
export function expectedStates(changes: readonly Change[], cluster: CurrentState): readonly ExpectedState[] {
  const seen = new Set<string>();
  return changes.flatMap(({ on, name }): ExpectedState[] => {
    const key = `${on} ${name}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ on, name, digest: digestOf(on, name, cluster) }];
  });
}

/** Users and roles that changed since they were read. */
export function changedSince(expected: readonly ExpectedState[], cluster: CurrentState): readonly ExpectedState[] {
  return expected.filter(({ on, name, digest }) => digestOf(on, name, cluster) !== digest);
}
