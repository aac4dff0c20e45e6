import { usageError } from '../errors.js';
import { Secret } from '../model/secret.js';
import { excerpt } from '../model/text.js';
import type { Permissions } from '../model/user.js';
import { readPermissions } from './write-body.js';

/** A user as a scenario, a seed or a data file describes it. */
export interface DescribedUser {
  readonly name: string;
  readonly password?: Secret | undefined;
  readonly hash?: Secret | undefined;
  /** Its document shows no hash, `/authorized` checks its password. */
  readonly ldap: boolean;
  readonly permissions: Permissions;
}

export interface DescribedRole {
  readonly name: string;
  readonly permissions: Permissions;
  readonly users: readonly string[];
}

export interface Account {
  readonly username: string;
  readonly password: Secret;
}

type Fields = Readonly<Record<string, unknown>>;

function wrong(where: string, wanted: string): Error {
  return usageError('bad-description', `${where}: expected ${wanted}`);
}

/** The fields of an object; `known`, where given, are all that it may have. */
export function readFields(value: unknown, where: string, known?: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(where, 'an object');
  const strange = known && Object.keys(value).find((key) => !known.includes(key));
  if (strange !== undefined) {
    throw usageError(
      'bad-description',
      `${where}: unknown key "${excerpt(strange, 40)}"`,
      `known: ${known?.join(', ')}`,
    );
  }
  return value as Fields;
}

function text(fields: Fields, key: string, where: string): string {
  const value = fields[key];
  if (typeof value !== 'string') throw wrong(`${where}.${key}`, 'a text');
  return value;
}

function optionalSecret(fields: Fields, key: string, where: string): Secret | undefined {
  return fields[key] === undefined || fields[key] === null ? undefined : new Secret(text(fields, key, where));
}

function list(value: unknown, where: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong(where, 'a list');
  return value;
}

function permissionsOf(fields: Fields, where: string): Permissions {
  const permissions = readPermissions(fields['permissions']);
  if (permissions === undefined) throw wrong(`${where}.permissions`, 'lists of names by database');
  return permissions;
}

function unlikeOthers<T extends { readonly name: string }>(items: readonly T[], where: string): readonly T[] {
  const names = new Set<string>();
  for (const { name } of items) {
    if (names.has(name)) throw usageError('bad-description', `${where}: "${excerpt(name, 60)}" stands there twice`);
    names.add(name);
  }
  return items;
}

export function readUsers(value: unknown, where: string): readonly DescribedUser[] {
  const users = list(value, where).map((item, i) => {
    const at = `${where}[${i}]`;
    const fields = readFields(item, at, ['name', 'password', 'hash', 'ldap', 'permissions']);
    const ldap = fields['ldap'] ?? false;
    if (typeof ldap !== 'boolean') throw wrong(`${at}.ldap`, 'true or false');
    return {
      name: text(fields, 'name', at),
      password: optionalSecret(fields, 'password', at),
      hash: optionalSecret(fields, 'hash', at),
      ldap,
      permissions: permissionsOf(fields, at),
    };
  });
  return unlikeOthers(users, where);
}

export function readRoles(value: unknown, where: string): readonly DescribedRole[] {
  const roles = list(value, where).map((item, i) => {
    const at = `${where}[${i}]`;
    const fields = readFields(item, at, ['name', 'permissions', 'users']);
    const users = list(fields['users'], `${at}.users`).map((user, n) => {
      if (typeof user !== 'string') throw wrong(`${at}.users[${n}]`, 'a text');
      return user;
    });
    return { name: text(fields, 'name', at), permissions: permissionsOf(fields, at), users };
  });
  return unlikeOthers(roles, where);
}

/** A name and password, or null where none are asked for. */
export function readAccount(value: unknown, where: string): Account | null {
  if (value === undefined || value === null) return null;
  const fields = readFields(value, where, ['username', 'password']);
  return { username: text(fields, 'username', where), password: new Secret(text(fields, 'password', where)) };
}
