import { KapadminError, usageError } from '../errors.js';
import { Secret } from '../model/secret.js';
import { excerpt } from '../model/text.js';
import type { Permissions } from '../model/permissions.js';
import { readPermissions } from './meta-node/messages.js';
import type { AsyncBcrypt, VerifiedPasswords } from './meta-node/login.js';
import { addPermissions, allPermissions, type ClusterState, emptyState, noGrants } from './meta-node/store.js';
import type { Files } from '../files/files.js';
import { parserMessage, parseYaml } from '../model/parser-limits.js';

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

export interface SeedAccount {
  readonly username: string;
  readonly password: Secret;
}

type Fields = Readonly<Record<string, unknown>>;

function shapeError(where: string, expected: string, hint?: string): Error {
  return usageError('bad-description', `${where}: expected ${expected}`, hint);
}

/** The fields of an object; `known`, where given, are all that it may have. */
export function readFields(value: unknown, where: string, known?: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw shapeError(where, 'an object');
  const unknownKey = known && Object.keys(value).find((key) => !known.includes(key));
  if (unknownKey !== undefined) {
    throw usageError(
      'bad-description',
      `${where}: unknown key "${excerpt(unknownKey, 40)}"`,
      `Known: ${known?.join(', ')}`,
    );
  }
  return value as Fields;
}

function text(fields: Fields, key: string, where: string): string {
  const value = fields[key];
  if (typeof value !== 'string') throw shapeError(`${where}.${key}`, 'a string');
  return value;
}

function optionalSecret(fields: Fields, key: string, where: string): Secret | undefined {
  return fields[key] === undefined || fields[key] === null ? undefined : new Secret(text(fields, key, where));
}

function list(value: unknown, where: string, hint?: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw shapeError(where, 'a list', hint);
  return value;
}

function permissionsOf(fields: Fields, where: string): Permissions {
  const permissions = readPermissions(fields['permissions']);
  if (permissions === undefined) throw shapeError(`${where}.permissions`, 'lists of names by database');
  return permissions;
}

function requireUnique<T extends { readonly name: string }>(items: readonly T[], where: string): readonly T[] {
  const names = new Set<string>();
  for (const { name } of items) {
    if (names.has(name)) throw usageError('bad-description', `${where}: "${excerpt(name, 60)}" is listed twice`);
    names.add(name);
  }
  return items;
}

export function readUsers(value: unknown, where: string): readonly DescribedUser[] {
  const hint = 'Write users: [{ name: johndoe, permissions: { "": [KapacitorAPI] } }]. State files have another form.';
  const users = list(value, where, hint).map((item, i) => {
    const at = `${where}[${i}]`;
    const fields = readFields(item, at, ['name', 'password', 'hash', 'ldap', 'permissions']);
    const ldap = fields['ldap'] ?? false;
    if (typeof ldap !== 'boolean') throw shapeError(`${at}.ldap`, 'true or false');
    return {
      name: text(fields, 'name', at),
      password: optionalSecret(fields, 'password', at),
      hash: optionalSecret(fields, 'hash', at),
      ldap,
      permissions: permissionsOf(fields, at),
    };
  });
  return requireUnique(users, where);
}

export function readRoles(value: unknown, where: string): readonly DescribedRole[] {
  const hint = 'Write roles: [{ name: ops, users: [johndoe] }]. State files have another form.';
  const roles = list(value, where, hint).map((item, i) => {
    const at = `${where}[${i}]`;
    const fields = readFields(item, at, ['name', 'permissions', 'users']);
    const users = list(fields['users'], `${at}.users`).map((user, n) => {
      if (typeof user !== 'string') throw shapeError(`${at}.users[${n}]`, 'a string');
      return user;
    });
    return { name: text(fields, 'name', at), permissions: permissionsOf(fields, at), users };
  });
  return requireUnique(roles, where);
}

/** A name and password, or null if none are required. */
export function readAccount(value: unknown, where: string): SeedAccount | null {
  if (value === undefined || value === null) return null;
  const fields = readFields(value, where, ['username', 'password']);
  return { username: text(fields, 'username', where), password: new Secret(text(fields, 'password', where)) };
}

/** What a sandbox holds at its start. */
export interface Seed {
  readonly users: readonly DescribedUser[];
  readonly roles: readonly DescribedRole[];
}

/** The state with users whose hashes are made. */
function seedState(users: readonly DescribedUser[], roles: readonly DescribedRole[]): ClusterState {
  const state = emptyState();
  for (const { name, hash, ldap, permissions } of users) {
    state.users.set(name, {
      name,
      hash: hash ?? new Secret(''),
      ldap,
      permissions: addPermissions(noGrants, permissions),
    });
  }
  for (const { name, permissions, users: members } of roles) {
    state.roles.set(name, { name, permissions: addPermissions(noGrants, permissions), users: new Set(members) });
  }
  return state;
}

/** Adds the account that has every permission; a user of this name in the seed stays as it is but for a missing password. */
export function withAdmin(users: readonly DescribedUser[], admin: SeedAccount): readonly DescribedUser[] {
  const { username: name, password } = admin;
  const existing = users.find((user) => user.name === name);
  if (existing === undefined) return [{ name, password, ldap: false, permissions: allPermissions }, ...users];
  if (existing.password !== undefined || existing.hash !== undefined) return users;
  return users.map((user) => (user === existing ? { ...user, password } : user));
}

/** Makes the hashes of a seed; users of one password share one hash, so that ten thousand of them start quickly. */
export async function hashSeed(seed: Seed, bcrypt: AsyncBcrypt, memory: VerifiedPasswords): Promise<ClusterState> {
  const hashes = new Map<string, Secret>();
  const users: DescribedUser[] = [];
  for (const user of seed.users) {
    const { name, password } = user;
    if (user.hash !== undefined || password === undefined) {
      users.push(user);
      continue;
    }
    const hash = hashes.get(password.reveal()) ?? (await bcrypt.hash(password));
    hashes.set(password.reveal(), hash);
    memory.remember(name, hash, password);
    users.push({ ...user, hash });
  }
  return seedState(users, seed.roles);
}

const maxSeedBytes = 64 * 1024 * 1024;
const known = ['listen', 'credentials', 'users', 'roles', 'responses'];

async function parseSeed(text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return parseYaml(text);
  }
}

/** Reads the `meta` part of a scenario, alone or inside its scenario, JSON or YAML; `listen` and `responses` are not used. */
export async function readSeed(file: string, files: Files): Promise<Seed & { readonly account: SeedAccount | null }> {
  const { text } = await files.read(file, maxSeedBytes);
  try {
    const top = readFields(await parseSeed(text), 'the file');
    const meta = readFields('meta' in top ? top['meta'] : top, 'meta', known);
    return {
      account: readAccount(meta['credentials'], 'credentials'),
      users: readUsers(meta['users'], 'users'),
      roles: readRoles(meta['roles'], 'roles'),
    };
  } catch (error) {
    const reason = parserMessage(error);
    const hint = error instanceof KapadminError ? error.hint : undefined;
    throw usageError('bad-seed-file', `cannot use the seed ${file}: ${reason}`, hint);
  }
}

const maxDataBytes = 256 * 1024 * 1024;
const version = 1;
/** Milliseconds between the end of a write and the next. */
const pauseLimits = { min: 50, max: 250 };

/** Keeps a cluster's state in a file. */
export interface DataFile {
  /** Call after each write; the file follows soon. */
  changed(): void;
  /** Writes what is not written yet. Throws where that fails. */
  close(): Promise<void>;
}

function serialize(state: ClusterState): string {
  const lines = (items: readonly object[]): string => items.map((item) => JSON.stringify(item)).join(',\n');
  const users = [...state.users.values()].map(({ name, hash, ldap, permissions }) => ({
    name,
    hash: hash.reveal(),
    ldap,
    permissions: Object.fromEntries(permissions),
  }));
  const roles = [...state.roles.values()].map(({ name, permissions, users: members }) => ({
    name,
    permissions: Object.fromEntries(permissions),
    users: [...members],
  }));
  const head = `{"kapadminSandbox":${version},"index":${state.index}`;
  return `${head},\n"users":[\n${lines(users)}\n],\n"roles":[\n${lines(roles)}\n],\n"acl":${JSON.stringify(Object.fromEntries(state.acl))}}\n`;
}

function parseData(text: string): ClusterState {
  const fields = readFields(JSON.parse(text), 'the file', ['kapadminSandbox', 'index', 'users', 'roles', 'acl']);
  if (fields['kapadminSandbox'] !== version) throw new Error('"kapadminSandbox" is not 1');
  const index = fields['index'];
  if (!Number.isSafeInteger(index)) throw new Error('"index" is not an integer');
  return {
    ...seedState(readUsers(fields['users'], 'users'), readRoles(fields['roles'], 'roles')),
    acl: new Map(
      Object.entries(readFields(fields['acl'] ?? {}, 'acl')).map(([name, entry]) => [name, readFields(entry, name)]),
    ),
    index: index as number,
  };
}

/**
 * The state in a file; undefined if it does not exist. Anything but a complete data file is rejected and left alone.
 */
export async function loadDataFile(file: string, files: Files): Promise<ClusterState | undefined> {
  const found = await files.readOptional(file, maxDataBytes);
  if (found === undefined) return undefined;
  try {
    return parseData(found.text);
  } catch (error) {
    const reason = parserMessage(error);
    throw usageError(
      'bad-data-file',
      `${file} is not a data file of kapadmin sandbox: ${reason}`,
      'Use another file, or move this one. It was not changed.',
    );
  }
}

/**
 * Writes the state to the file atomically (0600, flushed, renamed into place), soon after a change but not for each: 50
 * ms later, or four times as long as the last write took, but at most 250 ms. A clean end loses nothing, a kill loses
 * the writes of that time. `failed` is called if the disk rejects a write; the next change tries again.
 */
export async function persistState(
  file: string,
  state: ClusterState,
  files: Files,
  failed: (error: unknown) => void,
): Promise<DataFile> {
  let written = -1;
  let pause = pauseLimits.min;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    const { index } = state;
    const start = performance.now();
    await files.writeFileAtomic(file, serialize(state), 0o600);
    written = index;
    pause = Math.min(pauseLimits.max, Math.max(pauseLimits.min, 4 * (performance.now() - start)));
  };
  const writeSoon = (): void => {
    if (timer !== undefined || written === state.index) return;
    timer = setTimeout(() => {
      writing = write().then(
        () => {
          timer = undefined;
          writeSoon();
        },
        (error: unknown) => {
          timer = undefined;
          failed(error);
        },
      );
    }, pause);
  };
  await write();
  return {
    changed: writeSoon,
    async close() {
      clearTimeout(timer);
      timer = undefined;
      await writing;
      clearTimeout(timer);
      if (written !== state.index) await write();
    },
  };
}
