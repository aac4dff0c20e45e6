import type { AuthUser, Daemon } from './daemon-state.js';
import { foldJsonKey, type JsonValue, parseFirstJson } from '../go-compat/json.js';
import { joinPath } from '../go-compat/url.js';
import { quote } from '../go-compat/strconv.js';
import { toBinary, toText } from '../go-compat/utf8.js';
import { Secret } from '../model/secret.js';
import { bcryptKey, hashingFault } from './parse-bcrypt.js';
import { apiPrefix, namedResources, privilegeBits, type Privileges } from './privileges.js';
import type { RuleId } from './rules/registry.js';
import { isUsername } from './authenticate.js';
import type { HandlerResponse, JsonBody, TraceStep, UserStoreStep } from './trace.js';

const collection = `${apiPrefix}/users`;
const userPrefix = `${collection}/`;

/**
 * The privileges that each permission of the store grants, in any order (services/auth/service.go, convertPermissions).
 */
const storeGrants: Readonly<Record<string, readonly (readonly [resource: string, privilege: 'all' | 'none'])[]>> = {
  none: [],
  api: [
    ['/api', 'all'],
    ['/api/write', 'none'],
    ['/api/config', 'none'],
  ],
  config_api: [
    ['/api/ping', 'all'],
    ['/api/config', 'all'],
  ],
  write_points: [
    ['/api/ping', 'all'],
    ['/api/write', 'all'],
  ],
  all: [
    ['/api', 'all'],
    ['/api/config', 'all'],
    ['/api/write', 'all'],
  ],
};

/** `none` counts only if no other permission grants more. */
function compileStorePermissions(permissions: readonly string[]): Privileges {
  const granted = permissions.flatMap((permission) => storeGrants[permission]!);
  const masks = namedResources.map((resource) => {
    const privileges = granted.filter(([name]) => name === resource).map(([, privilege]) => privilegeBits[privilege]);
    return Math.max(0, ...privileges);
  });
  return { masks, databases: undefined };
}

/** The body of POST and PATCH as encoding/json decodes it (client/v1, CreateUserOptions, UpdateUserOptions). */
interface UserOptions {
  name: string;
  password: string;
  type: '' | 'normal' | 'admin';
  /** Undefined if absent or null. */
  permissions: string[] | undefined;
}

/** Any invalid type or value rejects the whole body. */
class InvalidBody extends Error {}

function stringOf(json: JsonValue, previous: string): string {
  if (json.kind === 'null') return previous;
  if (json.kind !== 'string') throw new InvalidBody();
  return json.value;
}

function typeOf(json: JsonValue, previous: UserOptions['type']): UserOptions['type'] {
  const text = stringOf(json, previous);
  if (text !== '' && text !== 'normal' && text !== 'admin') throw new InvalidBody();
  return text;
}

function permissionsOf(json: JsonValue, previous: readonly string[] = []): string[] | undefined {
  if (json.kind === 'null') return undefined;
  if (json.kind !== 'array') throw new InvalidBody();
  return json.items.map((item, i) => {
    const permission = stringOf(item, previous[i] ?? 'none');
    if (!Object.hasOwn(storeGrants, permission)) throw new InvalidBody();
    return permission;
  });
}

function decodeOptions(body: string, hasName: boolean): UserOptions {
  const options: UserOptions = { name: '', password: '', type: '', permissions: undefined };
  const parsed = parseFirstJson(body);
  if (!parsed.ok) throw new InvalidBody();
  const { value } = parsed;
  if (value.kind === 'null') return options;
  if (value.kind !== 'object') throw new InvalidBody();
  for (const [key, item] of value.entries) {
    const field = foldJsonKey(key);
    if (field === 'name' && hasName) options.name = stringOf(item, options.name);
    else if (field === 'password') options.password = stringOf(item, options.password);
    else if (field === 'type') options.type = typeOf(item, options.type);
    else if (field === 'permissions') options.permissions = permissionsOf(item, options.permissions);
  }
  return options;
}

function failure(status: number, error: string): HandlerResponse {
  return { status, json: { error, message: error } };
}

/** services/auth/service.go, convertPrivleges: the permissions that a user's privileges amount to. */
function permissionNames({ masks }: Privileges): string[] {
  const all = (resource: string): boolean =>
    masks[(namedResources as readonly string[]).indexOf(resource)] === privilegeBits.all;
  const has = { api: all('/api'), config_api: all('/api/config'), write_points: all('/api/write') };
  if (has.api && has.config_api && has.write_points) return ['all'];
  return Object.entries(has).flatMap(([name, granted]) => (granted ? [name] : []));
}

function userJson(user: AuthUser): JsonBody {
  return {
    link: { rel: 'self', href: joinPath(collection, user.name) },
    name: user.name,
    type: user.admin ? 'admin' : 'normal',
    permissions: permissionNames(user.privileges),
  };
}

/** The response to a request, and the user that it put into the store and the user cache, if any. */
interface StoreResult {
  readonly user: string;
  readonly response: HandlerResponse;
  readonly stored?: AuthUser;
}

function hashFault(daemon: Daemon, password: string): string | undefined {
  const fault = hashingFault(password, daemon.settings.bcryptCost, daemon.version);
  if (fault === 'too-long') return 'hashing password: bcrypt: password length exceeds 72 bytes';
  if (fault === undefined) return undefined;
  return `hashing password: crypto/bcrypt: cost ${daemon.settings.bcryptCost} is outside allowed range (4,31)`;
}

function storeHash(password: string): AuthUser['hash'] {
  return { kind: 'made', of: 'store', key: new Secret(bcryptKey(password)) };
}

/** services/auth/service.go, handleCreateUser. */
function create(daemon: Daemon, body: string): StoreResult {
  const { name, password, type, permissions = [] } = decodeOptions(body, true);
  const user = name;
  if (name === '') return { user, response: failure(400, 'username is required') };
  if (!isUsername(name)) {
    const requirement = "username must contain only letters, numbers, '-', '.', '@' and '_'.";
    return { user, response: failure(400, `${requirement} ${toBinary(quote(name))}`) };
  }
  if (password === '') return { user, response: failure(400, 'password is required') };
  const fault = daemon.userStore.has(name) ? 'creating user: user already exists' : hashFault(daemon, password);
  if (fault !== undefined) return { user, response: failure(500, `failed to create user: ${fault}`) };
  const stored: AuthUser = {
    name,
    admin: type === 'admin',
    hash: storeHash(password),
    privileges: compileStorePermissions(permissions),
  };
  return { user, stored, response: { status: 200, json: userJson(stored) } };
}

/** services/auth/service.go, handleUpdateUser: absent keys stay unchanged; an admin loses its own privileges. */
function update(daemon: Daemon, user: string, body: string): StoreResult {
  const { password, type, permissions } = decodeOptions(body, false);
  const previous = daemon.userStore.get(user);
  const fault =
    previous === undefined
      ? 'updating user: no user exists'
      : password === ''
        ? undefined
        : hashFault(daemon, password);
  if (previous === undefined || fault !== undefined) {
    return { user, response: failure(500, `failed to create user: ${fault}`) };
  }
  const granted = permissions === undefined ? previous.privileges : compileStorePermissions(permissions);
  const stored: AuthUser = {
    ...previous,
    admin: type === '' ? previous.admin : type === 'admin',
    hash: password === '' ? previous.hash : storeHash(password),
    privileges: type === 'admin' ? compileStorePermissions([]) : granted,
  };
  return { user, stored, response: { status: 200, json: userJson(stored) } };
}

/** services/auth/service.go, handleDeleteUser: removes the name from both caches, whether it is in the store or not. */
function remove(daemon: Daemon, user: string): StoreResult {
  daemon.userCache.delete(user);
  daemon.passwordCache.delete(user);
  daemon.userStore.delete(user);
  return { user, response: { status: 204 } };
}

function show(daemon: Daemon, user: string): StoreResult {
  const found = daemon.userStore.get(user);
  return {
    user,
    response: found === undefined ? failure(404, 'no user exists') : { status: 200, json: userJson(found) },
  };
}

function list(daemon: Daemon): StoreResult {
  const names = [...daemon.userStore.keys()].sort();
  return {
    user: '',
    response: { status: 200, json: { users: names.map((name) => userJson(daemon.userStore.get(name)!)) } },
  };
}

type Action = UserStoreStep['action'];

const storeRules: Readonly<Record<Action, RuleId>> = {
  create: '7.create',
  update: '7.update',
  delete: '7.delete',
  show: '7.read',
  list: '7.read',
};

const collectionActions: Readonly<Record<string, Action>> = { GET: 'list', POST: 'create' };
const userActions: Readonly<Record<string, Action>> = { GET: 'show', PATCH: 'update', DELETE: 'delete' };

/**
 * The action of a method at a decoded path (services/auth/service.go, Open); undefined if another handler serves it.
 */
function actionOf(method: string, path: string): Action | undefined {
  if (path === collection) return collectionActions[method];
  return path.startsWith(userPrefix) ? userActions[method] : undefined;
}

function performAction(daemon: Daemon, action: Action, name: string, body: string): StoreResult {
  if (action === 'list') return list(daemon);
  try {
    if (action === 'create') return create(daemon, body);
    if (name === '') return { user: '', response: failure(400, 'must specify username on path') };
    if (action === 'show') return show(daemon, name);
    return action === 'delete' ? remove(daemon, name) : update(daemon, name, body);
  } catch (error) {
    if (!(error instanceof InvalidBody)) throw error;
    return { user: name, response: failure(400, 'invalid JSON') };
  }
}

/**
 * Applies an allowed request to Kapacitor's own users and to both caches (services/auth/service.go). Does nothing
 * unless the path is `/kapacitor/v1/users` or below it, or if `[auth] enabled` is false: then there is no store.
 * @param path decoded, of the last pass
 * @param body binary
 */
export function serveUsers(
  daemon: Daemon,
  method: string,
  path: string,
  body: string,
  now: number,
  steps: TraceStep[],
): void {
  const action = actionOf(method, path);
  if (action === undefined || daemon.settings.users === 'noauth') return;
  const { user, response, stored } = performAction(daemon, action, path.slice(userPrefix.length), body);
  let cachedUntil: number | undefined;
  if (stored !== undefined) {
    daemon.userStore.set(user, stored);
    const entry = daemon.userCache.set(user, stored, now);
    if (entry.expires > now) cachedUntil = entry.expires;
  }
  steps.push({
    kind: 'user-store',
    outcome: 'info',
    rule: storeRules[action],
    action,
    user: toText(user),
    response,
    cachedUntil,
  });
}
