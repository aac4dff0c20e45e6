import { expandPreset, presetFault } from '../model/presets.js';
import type { Permissions } from '../model/user.js';
import { checkKeys, fieldsOf, switchOf, textsOf, type Fields } from './fields.js';
import { below, type Report, type Spot } from './problem.js';
import { readHashRef, readPasswordRef, type ResolvePath } from './secret-ref.js';
import type { WantedRole, WantedUser } from './wanted.js';

/** The options that one file sets. */
export interface FileOptions {
  readonly manage?: 'listed' | 'all';
  readonly materializeRoles?: boolean;
  readonly absentUsers: readonly string[];
  readonly absentRoles: readonly string[];
}

/** What one file says. */
export interface FileState {
  readonly file: string;
  readonly users: readonly WantedUser[];
  readonly roles: readonly WantedRole[];
  readonly options: FileOptions;
}

const topKeys = ['users', 'roles', 'options', '$schema'];
const userKeys = ['password', 'hash', 'permissions', 'presets', 'roles'];
const roleKeys = ['permissions', 'presets', 'members'];
const optionKeys = ['manage', 'materializeRoles', 'absent'];
const noPermissions: Permissions = new Map();

/** What reading a file takes. */
interface Reading {
  readonly report: Report;
  readonly resolve: ResolvePath;
  /** Permissions; the many users of a file that have the same share one value. */
  permissions(value: unknown, spot: Spot): Permissions;
}

function permissionsReader(report: Report): Reading['permissions'] {
  const known = new Map<string, Permissions>();
  return (value, spot) => {
    const fields = Object.entries(fieldsOf(value, 'permissions', spot, report));
    if (fields.length === 0) return noPermissions;
    const scopes = fields.map(([scope, names]): readonly [string, readonly string[]] => {
      return [scope, textsOf(names, 'permissions', below(spot, scope), report)];
    });
    const key = JSON.stringify(scopes);
    const shared = known.get(key);
    if (shared !== undefined) return shared;
    const made: Permissions = new Map(scopes);
    known.set(key, made);
    return made;
  };
}

/** The permissions of a user or role, those of its presets included. */
function granted({ permissions, presets }: Fields, spot: Spot, reading: Reading): Permissions {
  const { report } = reading;
  const own = reading.permissions(permissions, below(spot, 'permissions'));
  if (presets === undefined) return own;
  const at = below(spot, 'presets');
  const all = new Map<string, readonly string[]>(own);
  for (const [i, name] of textsOf(presets, 'presets', at, report).entries()) {
    const fault = presetFault(name);
    if (fault !== undefined) report.error('unknown-preset', fault.message, below(at, i), fault.hint);
    for (const [scope, names] of expandPreset(name, '')) {
      const there = all.get(scope) ?? [];
      all.set(scope, [...there, ...names.filter((permission) => !there.includes(permission))]);
    }
  }
  return all;
}

function readUser(name: string, value: unknown, spot: Spot, reading: Reading): WantedUser {
  const { report, resolve } = reading;
  const fields = fieldsOf(value, 'user', spot, report);
  checkKeys(fields, userKeys, 'user', spot, report);
  const { password, hash, roles } = fields;
  const passwordRef =
    password === undefined ? undefined : readPasswordRef(password, below(spot, 'password'), report, resolve);
  const hashRef = hash === undefined ? {} : readHashRef(hash, below(spot, 'hash'), report, resolve);
  if (password !== undefined && hash !== undefined) {
    report.error('password-and-hash', 'a password and a hash: give one of them', below(spot, 'hash'));
  }
  return {
    name,
    file: spot.file,
    permissions: granted(fields, spot, reading),
    roles: textsOf(roles, 'roles', below(spot, 'roles'), report),
    ...(passwordRef === undefined ? {} : { password: passwordRef }),
    ...hashRef,
  };
}

function readRole(name: string, value: unknown, spot: Spot, reading: Reading): WantedRole {
  const { report } = reading;
  const fields = fieldsOf(value, 'role', spot, report);
  checkKeys(fields, roleKeys, 'role', spot, report);
  const members = textsOf(fields['members'], 'members', below(spot, 'members'), report);
  return { name, file: spot.file, permissions: granted(fields, spot, reading), members };
}

function readOptions(value: unknown, spot: Spot, report: Report): FileOptions {
  const fields = fieldsOf(value, 'options', spot, report);
  checkKeys(fields, optionKeys, 'options', spot, report);
  const { manage, materializeRoles, absent } = fields;
  if (manage !== undefined && manage !== 'listed' && manage !== 'all') {
    const at: Spot = { ...below(spot, 'manage'), value: true };
    report.error('wrong-value', 'manage: expected listed or all', at);
  }
  const at = below(spot, 'absent');
  const lists = fieldsOf(absent, 'absent', at, report);
  checkKeys(lists, ['users', 'roles'], 'absent', at, report);
  return {
    ...(manage === 'listed' || manage === 'all' ? { manage } : {}),
    ...(materializeRoles === undefined
      ? {}
      : {
          materializeRoles: switchOf(materializeRoles, 'materializeRoles', below(spot, 'materializeRoles'), report),
        }),
    absentUsers: textsOf(lists['users'], 'users', below(at, 'users'), report),
    absentRoles: textsOf(lists['roles'], 'roles', below(at, 'roles'), report),
  };
}

/** What a file says, as far as its shape is right; the rest is reported. */
export function readShape(file: string, value: unknown, report: Report, resolve: ResolvePath): FileState {
  const reading: Reading = { report, resolve, permissions: permissionsReader(report) };
  const top: Spot = { file };
  const [users, roles] = [below(top, 'users'), below(top, 'roles')];
  const fields = fieldsOf(value, 'the file', top, report);
  const known = Object.fromEntries(Object.entries(fields).filter(([key]) => !key.startsWith('x-')));
  const isStrange = Object.keys(known).length > 0 && !topKeys.some((key) => key in known);
  if (isStrange) report.error('not-a-state-file', 'not a state file: no users, roles or options', top);
  else checkKeys(known, topKeys, 'the file', top, report);
  const entries = (key: 'users' | 'roles'): [string, unknown][] =>
    Object.entries(fieldsOf(fields[key], key, below(top, key), report));
  return {
    file,
    users: entries('users').map(([name, user]) => readUser(name, user, below(users, name), reading)),
    roles: entries('roles').map(([name, role]) => readRole(name, role, below(roles, name), reading)),
    options: readOptions(fields['options'], below(top, 'options'), report),
  };
}
