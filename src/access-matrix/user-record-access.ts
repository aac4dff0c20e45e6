import {
  compileDecodedPermissions,
  type CompiledResource,
  decidePrivilege,
  decodePermissions,
  permissionsKey,
  type Privilege,
  type PrivilegeDecision,
  type Privileges,
} from '../auth-engine/privileges.js';
import { toText } from '../go-compat/utf8.js';
import { listedName } from '../model/shell-command.js';
import type { Permissions } from '../model/permissions.js';
import { percentEncode } from '../model/urls.js';
import type { Role, RolesInUserRecords, User } from '../model/user.js';
import { createAccessDecider, describeEntry, describeUndecodable } from './decide-access.js';
import { anyDatabase, compileDatabase, decideWrite, selectEndpoints } from './matrix.js';
import { hasPermission } from '../desired-state/diff.js';
import { type CurrentState, stateAfter } from '../desired-state/desired-state.js';
import type { Change } from '../mutations/change.js';
import { rolesByMember } from '../model/roles-in-user-records.js';

/** A privilege on a group of Kapacitor's endpoints. */
export interface EndpointCell {
  /** `/config`; `/write` for every database, `/write?db=NAME` for one. */
  readonly endpoint: string;
  readonly privilege: Privilege;
  /** The database of a write; undefined for every other endpoint, `""` for any database. */
  readonly database: string | undefined;
  readonly target: CompiledResource;
}

/** The cells of all endpoints: those of a group that need the same privilege are decided alike. */
export const endpointCells: readonly EndpointCell[] = [
  ...new Map(
    selectEndpoints({ endpoints: [], methods: [] }).map(({ endpoint: { group, needed }, target }) => {
      const isWrite = group === 'write';
      const cell: EndpointCell = {
        endpoint: `/${group}`,
        privilege: needed,
        database: isWrite ? '' : undefined,
        target: isWrite ? anyDatabase : target,
      };
      return [`${needed}:/${group}`, cell];
    }),
  ).values(),
];

/** The cell of writes to one database. */
export function databaseCell(database: string): EndpointCell {
  const endpoint = `/write?db=${percentEncode(database)}`;
  return { endpoint, privilege: 'write', database, target: compileDatabase(database) };
}

/** The privileges of a user record in Kapacitor; undefined if the user does not exist. */
export interface RecordAccess {
  /** As Kapacitor decodes them. */
  readonly permissions: Permissions;
  readonly privileges: Privileges;
  /** A permission for which Kapacitor rejects every login. */
  readonly unknown: string | undefined;
  /** The permissions that give a privilege by an entry, found once. */
  readonly givers: Map<string, readonly string[]>;
}

export function readRecord(record: Permissions): RecordAccess {
  const { permissions, unknown } = decodePermissions(record);
  return { permissions, privileges: compileDecodedPermissions(permissions), unknown: unknown[0], givers: new Map() };
}

function decideCell(privileges: Privileges, { database, target, privilege }: EndpointCell): PrivilegeDecision {
  return database === undefined ? decidePrivilege(privileges, target, privilege) : decideWrite(privileges, target);
}

export function allowsCell(access: RecordAccess | undefined, cell: EndpointCell): boolean {
  return access !== undefined && access.unknown === undefined && decideCell(access.privileges, cell).allowed;
}

const alone = new Map<string, RecordAccess>();

/** What one permission gives by itself. */
export function permissionAlone(scope: string, name: string): RecordAccess {
  if (scope !== '') return readRecord(new Map([[scope, [name]]]));
  let access = alone.get(name);
  if (access === undefined) alone.set(name, (access = readRecord(new Map([['', [name]]]))));
  return access;
}

/** The permissions of a record, each with its scope. */
export function* eachPermission(permissions: Permissions): Generator<readonly [scope: string, name: string]> {
  for (const [scope, names] of permissions) for (const name of names) yield [scope, name];
}

/** A permission with its scope; nothing in it is cut. */
function scopedName(scope: string, name: string): string {
  return scope === '' ? listedName(name) : `${listedName(name)} on ${listedName(scope)}`;
}

/** Where a permission of a record comes from, after its name; empty where it is the user's own. */
export type PermissionOrigin = (scope: string, name: string) => string;

const ownOnly: PermissionOrigin = () => '';

/** The permissions of a record that give a cell by the entry that decides it. */
function givers(
  access: RecordAccess,
  cell: EndpointCell,
  entry: string | undefined,
  from: PermissionOrigin,
): readonly string[] {
  const key = `${cell.privilege} ${entry}`;
  const known = access.givers.get(key);
  if (known !== undefined) return known;
  const found = new Set<string>();
  for (const [scope, name] of eachPermission(access.permissions)) {
    const decision = decideCell(permissionAlone(scope, name).privileges, cell);
    if (decision.allowed && decision.entry === entry) found.add(`${scopedName(scope, name)}${from(scope, name)}`);
  }
  const names = [...found].sort();
  access.givers.set(key, names);
  return names;
}

const maxGivers = 3;

function some(names: readonly string[]): string {
  const more = names.length > maxGivers ? ` and ${names.length - maxGivers} more` : '';
  return `${names.slice(0, maxGivers).join(', ')}${more}`;
}

/** What decides a cell: the entry after, where it is allowed, the permissions that it comes from. */
export function describeCell(access: RecordAccess, cell: EndpointCell, from: PermissionOrigin = ownOnly): string {
  if (access.unknown !== undefined) return describeUndecodable(access.unknown);
  const { rule, entry, mask, allowed } = decideCell(access.privileges, cell);
  if (rule === 'nothing-needed') return 'nothing needed';
  const why = describeEntry(entry === undefined ? undefined : toText(entry), mask);
  return allowed ? `${some(givers(access, cell, entry, from))}: ${why}` : why;
}

/** What decides that a cell is lost, and the permissions that gave it. */
export function describeLoss(before: RecordAccess, after: RecordAccess, cell: EndpointCell): string {
  const { entry } = decideCell(before.privileges, cell);
  const was = some(givers(before, cell, entry, ownOnly));
  return was === '' || after.unknown !== undefined
    ? describeCell(after, cell)
    : `${describeCell(after, cell)} (was ${was})`;
}

/** A user before and after; users with the same permissions and roles have the same changes. */
export interface Subject {
  /** The user record as it was read; undefined where the user does not exist. */
  readonly before: Permissions | undefined;
  /** The same after the changes to the user itself. */
  readonly edited: Permissions | undefined;
  /** What these changes grant. */
  readonly granted: Permissions;
  readonly rolesBefore: readonly Role[];
  readonly rolesAfter: readonly Role[];
}

export const noPermissions: Permissions = new Map();

export function joinPermissions(...all: readonly Permissions[]): Permissions {
  const some = all.filter(({ size }) => size > 0);
  if (some.length < 2) return some[0] ?? noPermissions;
  const joined = new Map<string, Set<string>>();
  for (const permissions of some) {
    for (const [scope, names] of permissions) {
      const known = joined.get(scope);
      if (known === undefined) joined.set(scope, new Set(names));
      else for (const name of names) known.add(name);
    }
  }
  return new Map([...joined].map(([scope, names]) => [scope, [...names]]));
}

function filter(permissions: Permissions, keep: (scope: string, name: string) => boolean): Permissions {
  const kept = new Map<string, readonly string[]>();
  for (const [scope, names] of permissions) {
    const list = names.filter((name) => keep(scope, name));
    if (list.length > 0) kept.set(scope, list);
  }
  return kept;
}

export function mergePermissions(roles: readonly Role[]): Permissions {
  return joinPermissions(...roles.map(({ permissions }) => permissions));
}

/**
 * What the user record may hold after the changes: one value where that is known. Where role permissions may be copied
 * into it, one that only a role gave before may or may not be the user's own, each by itself. All, none, and each alone
 * show whatever depends on it: a single permission is enough to allow something, or to hide what allows it.
 */
export function recordsAfter(
  { before, edited, granted, rolesBefore, rolesAfter }: Subject,
  rolesCopied: RolesInUserRecords,
): readonly (Permissions | undefined)[] {
  if (edited === undefined || rolesCopied === 'no' || rolesBefore.length + rolesAfter.length === 0) return [edited];
  const [gave, give] = [mergePermissions(rolesBefore), mergePermissions(rolesAfter)];
  const isOpen = (scope: string, name: string): boolean =>
    hasPermission(gave, scope, name) &&
    hasPermission(before, scope, name) &&
    !hasPermission(granted, scope, name) &&
    !hasPermission(give, scope, name);
  const sure = joinPermissions(
    filter(edited, (scope, name) => !isOpen(scope, name)),
    give,
  );
  const open = [...eachPermission(edited)].filter(([scope, name]) => isOpen(scope, name));
  const alone = open.map(([scope, name]) => joinPermissions(sure, new Map([[scope, [name]]])));
  const records = [sure, joinPermissions(edited, give), ...alone, ...(rolesCopied === 'unknown' ? [edited] : [])];
  const keyOf = (record: Permissions): string =>
    [...eachPermission(record)]
      .map((permission) => JSON.stringify(permission))
      .sort()
      .join();
  return [...new Map(records.map((record) => [keyOf(record), record])).values()];
}

/** A permission that a user gets or loses, directly or by a role. */
interface GrantChange {
  readonly role: string | undefined;
  readonly scope: string;
  readonly name: string;
}

function differences(role: string | undefined, before: Permissions, after: Permissions): readonly GrantChange[] {
  const only = (one: Permissions, other: Permissions): GrantChange[] =>
    [...eachPermission(one)].flatMap(([scope, name]) =>
      hasPermission(other, scope, name) ? [] : [{ role, scope, name }],
    );
  return [...only(after, before), ...only(before, after)];
}

export function grantChanges({ before, edited, rolesBefore, rolesAfter }: Subject): readonly GrantChange[] {
  const were = new Map(rolesBefore.map((role) => [role.name, role.permissions]));
  const are = new Map(rolesAfter.map((role) => [role.name, role.permissions]));
  const names = [...new Set([...were.keys(), ...are.keys()])].sort();
  return [
    ...differences(undefined, before ?? noPermissions, edited ?? noPermissions),
    ...names.flatMap((name) => differences(name, were.get(name) ?? noPermissions, are.get(name) ?? noPermissions)),
  ];
}

/** Equal for subjects whose changes are the same. */
export function subjectKey({ before, edited, granted, rolesBefore, rolesAfter }: Subject): string {
  const permissions = [before, edited, granted].map((one) => one && permissionsKey(one));
  return JSON.stringify([permissions, ...[rolesBefore, rolesAfter].map((roles) => roles.map(({ name }) => name))]);
}

/** The users whose access a change can concern. */
function concernedUsers(changes: readonly Change[], before: CurrentState, after: CurrentState): readonly string[] {
  const names = new Set<string>();
  const roles = new Set<string>();
  for (const change of changes) {
    if (change.on === 'user') names.add(change.name);
    else if ('users' in change) for (const user of change.users) names.add(user);
    else roles.add(change.name);
  }
  for (const role of roles) {
    for (const state of [before, after]) for (const user of state.roles.get(role)?.users ?? []) names.add(user);
  }
  return [...names].filter((name) => before.users.has(name) || after.users.has(name)).sort();
}

/** The permissions that changes grant to users themselves. */
function directGrants(changes: readonly Change[]): ReadonlyMap<string, Permissions> {
  const grants = new Map<string, Permissions>();
  for (const change of changes) {
    if (change.on !== 'user' || change.action !== 'add-permissions') continue;
    const added = new Map(change.permissions.map(({ scope, permissions }) => [scope, permissions]));
    grants.set(change.name, joinPermissions(grants.get(change.name) ?? noPermissions, added));
  }
  return grants;
}

function byName(roles: readonly Role[] = []): readonly Role[] {
  return roles.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The users whose access the changes can concern, by name, with what they have before and after. */
export function changedSubjects(before: CurrentState, changes: readonly Change[]): ReadonlyMap<string, Subject> {
  const after = stateAfter(before, changes);
  const grants = directGrants(changes);
  const [rolesBefore, rolesAfter] = [rolesByMember(before.roles.values()), rolesByMember(after.roles.values())];
  const subjectOf = (name: string): Subject => ({
    before: before.users.get(name)?.permissions,
    edited: after.users.get(name)?.permissions,
    granted: grants.get(name) ?? noPermissions,
    rolesBefore: byName(rolesBefore.get(name)),
    rolesAfter: byName(rolesAfter.get(name)),
  });
  return new Map(concernedUsers(changes, before, after).map((name) => [name, subjectOf(name)]));
}

/** The users to whom a role would allow more of these requests, were its permissions in their records; sorted. */
export function allowedMoreByRoles(
  users: Iterable<User>,
  roles: Iterable<Role>,
  requests: readonly { readonly method: string; readonly path: string }[],
): readonly string[] {
  const memberOf = rolesByMember(roles);
  const deciders = requests.map(({ method, path }) => createAccessDecider(method, path, true));
  const allowed = (user: User): number =>
    deciders.flatMap((decide) => decide(user)).filter((access) => access.allowed).length;
  const more = [...users].filter((user) => {
    const own = memberOf.get(user.name) ?? [];
    const permissions = joinPermissions(user.permissions, ...own.map((role) => role.permissions));
    return own.length > 0 && allowed({ ...user, permissions }) > allowed(user);
  });
  return more.map(({ name }) => name).sort();
}
