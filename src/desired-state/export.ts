import type { Secret } from '../model/secret.js';
import { leftOutSentence, perhapsCopied, rolesByMember, rolesInUserRecords } from '../model/roles-in-user-records.js';
import type { Permissions } from '../model/permissions.js';
import type { Role, RolesInUserRecords, User } from '../model/user.js';
import { compareStrings, permissionsMinus, toScopedPermissions } from './diff.js';
import type { CurrentState } from './desired-state.js';
import { escapeHidden, jsonForm } from '../model/text.js';

export interface ExportedUser {
  readonly name: string;
  /** Written in clear, only on request. */
  readonly hash?: Secret | undefined;
  readonly permissions: Permissions;
  readonly roles?: readonly string[];
}

export interface ExportedRole {
  readonly name: string;
  readonly permissions: Permissions;
  readonly members: readonly string[];
}

/** The content of a state file to write. */
export interface StateDocument {
  /** Comment lines at its head. */
  readonly comments: readonly string[];
  /** Permissions left out of users because a role grants them too. */
  readonly leftOut: number;
  readonly users: readonly ExportedUser[];
  readonly roles: readonly ExportedRole[];
  readonly absentUsers: readonly string[];
  readonly absentRoles: readonly string[];
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareStrings(a.name, b.name);
}

/** A role without the members that are not users: no file may name them. */
export function toRole({ name, permissions, users }: Role, cluster: CurrentState): ExportedRole {
  return { name, permissions, members: users.filter((user) => cluster.users.has(user)) };
}

/** Members of roles that are not users, as `role: user`. */
export function danglingMembers({
  users,
  roles,
}: CurrentState): readonly { readonly role: string; readonly user: string }[] {
  return [...roles.values()].flatMap((role) =>
    role.users.filter((user) => !users.has(user)).map((user) => ({ role: role.name, user })),
  );
}

/** The users' own permissions, and how many are left out because a role grants them too. */
interface OwnPermissions {
  readonly of: (user: User) => Permissions;
  readonly leftOut: number;
}

/** Permissions that a user record may have from a role are left out: the role grants them anyway. */
export function ownPermissions({ users, roles }: CurrentState, probed: RolesInUserRecords | undefined): OwnPermissions {
  const rolesCopied = rolesInUserRecords(users.values(), roles.values(), probed);
  const byMember = rolesByMember(roles.values());
  const copies = new Map<string, Permissions>();
  let leftOut = 0;
  for (const user of rolesCopied === 'no' ? [] : users.values()) {
    const copied = perhapsCopied(user, byMember.get(user.name) ?? [], rolesCopied);
    if (copied.size === 0) continue;
    copies.set(user.name, copied);
    for (const names of copied.values()) leftOut += names.length;
  }
  return {
    of: ({ name, permissions }) => {
      const copied = copies.get(name);
      return copied === undefined ? permissions : (permissionsMinus(permissions, copied) ?? new Map());
    },
    leftOut,
  };
}

/** The current state of a cluster as a state file. */
export function exportState(
  cluster: CurrentState,
  options: { readonly withHashes: boolean; readonly probed?: RolesInUserRecords },
): StateDocument {
  const own = ownPermissions(cluster, options.probed);
  const users = [...cluster.users.values()].sort(byName).map((user): ExportedUser => {
    const { name, hash } = user;
    const exportedHash = options.withHashes && hash !== undefined && hash.reveal() !== '' ? hash : undefined;
    return { name, hash: exportedHash, permissions: own.of(user) };
  });
  const roles = [...cluster.roles.values()].sort(byName).map((role) => toRole(role, cluster));
  const comments = own.leftOut > 0 ? [leftOutSentence(own.leftOut)] : [];
  return { comments, leftOut: own.leftOut, users, roles, absentUsers: [], absentRoles: [] };
}

/** Words that YAML may not read as strings. */
const plainWord = /^[A-Za-z_][A-Za-z0-9_@./-]*$/;
const ambiguousWords = /^(null|true|false|yes|no|on|off|y|n)$/i;

const maxKeyLength = 1000;

/** A string as YAML: plain if unambiguous, otherwise quoted as JSON. */
function text(value: string): string {
  if (plainWord.test(value) && !ambiguousWords.test(value)) return value;
  return escapeHidden(JSON.stringify(value), jsonForm);
}

/** A key and the rest of its line; longer keys need YAML's question mark. */
function keyed(indent: string, key: string, value = ''): string {
  const word = text(key);
  const colon = value === '' ? ':' : `: ${value}`;
  return word.length <= maxKeyLength ? `${indent}${word}${colon}` : `${indent}? ${word}\n${indent}${colon}`;
}

function list(names: readonly string[]): string {
  return `[${names.map(text).join(', ')}]`;
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort(compareStrings);
}

function permissionLines(permissions: Permissions): string[] {
  const held = toScopedPermissions(permissions).filter((scope) => scope.permissions.length > 0);
  if (held.length === 0) return [];
  return [
    '    permissions:',
    ...held.map(({ scope, permissions: names }) => keyed('      ', scope, list(sorted(names)))),
  ];
}

/** One name a line: a member more is a line more in a diff. */
function nameLines(key: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`    ${key}:`, ...sorted(names).map((name) => `      - ${text(name)}`)];
}

function entry(name: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [keyed('  ', name, '{}')] : [keyed('  ', name), ...lines];
}

function userLines({ name, hash, permissions, roles = [] }: ExportedUser): string[] {
  const hashLine = hash === undefined ? [] : [`    hash: { value: ${JSON.stringify(hash.reveal())} }`];
  return entry(name, [...hashLine, ...permissionLines(permissions), ...nameLines('roles', roles)]);
}

function roleLines({ name, permissions, members }: ExportedRole): string[] {
  return entry(name, [...permissionLines(permissions), ...nameLines('members', members)]);
}

function section(key: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [`${key}: {}`] : [`${key}:`, ...lines];
}

function absentLines({ absentUsers, absentRoles }: StateDocument): string[] {
  const lines = [
    ...(absentUsers.length === 0 ? [] : [`    users: ${list(absentUsers)}`]),
    ...(absentRoles.length === 0 ? [] : [`    roles: ${list(absentRoles)}`]),
  ];
  return lines.length === 0 ? [] : ['  absent:', ...lines];
}

/** The document as YAML: the same state gives the same text. */
export function stateYaml(document: StateDocument): string {
  const lines = [
    ...document.comments.map((comment) => `# ${comment}`),
    ...section('users', document.users.flatMap(userLines)),
    ...section('roles', document.roles.flatMap(roleLines)),
    'options:',
    '  manage: listed',
    '  materializeRoles: false',
    ...absentLines(document),
  ];
  return `${lines.join('\n')}\n`;
}

function permissionsJson(permissions: Permissions): { permissions?: object } {
  const held = toScopedPermissions(permissions).filter((scope) => scope.permissions.length > 0);
  if (held.length === 0) return {};
  return { permissions: Object.fromEntries(held.map((scope) => [scope.scope, sorted(scope.permissions)])) };
}

/** The document as plain data, for JSON. */
export function stateJson({ users, roles, absentUsers, absentRoles }: StateDocument): object {
  const names = (key: string, list: readonly string[]): object => (list.length === 0 ? {} : { [key]: sorted(list) });
  const absent = { ...names('users', absentUsers), ...names('roles', absentRoles) };
  return {
    users: Object.fromEntries(
      users.map(({ name, hash, permissions, roles: of = [] }) => [
        name,
        { ...(hash && { hash: { value: hash.reveal() } }), ...permissionsJson(permissions), ...names('roles', of) },
      ]),
    ),
    roles: Object.fromEntries(
      roles.map(({ name, permissions, members }) => [
        name,
        { ...permissionsJson(permissions), ...names('members', members) },
      ]),
    ),
    options: {
      manage: 'listed',
      materializeRoles: false,
      ...(Object.keys(absent).length === 0 ? {} : { absent }),
    },
  };
}
