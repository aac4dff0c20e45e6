import { usageError } from '../errors.js';
import { handleRequestAs } from '../auth-engine/handle.js';
import { toBinary, toText } from '../go-compat/utf8.js';
import {
  compileDecodedPermissions,
  decodePermissions,
  permissionGrants,
  permissionsKey,
  privilegeBits,
  privilegeByMethod,
} from '../auth-engine/privileges.js';
import { findVerdict, type Trace } from '../auth-engine/trace.js';
import { parseRequest } from '../auth-engine/request.js';
import { displayTarget, splitUrl, percentEncode } from '../model/urls.js';
import { noEndpointMessage } from '../model/kapacitor-endpoints.js';
import { excerpt, showNames } from '../model/text.js';
import { type Role, rolesOf, type User } from '../model/user.js';

/** Whether Kapacitor lets a user do a thing, once logged in, and what decided it. */
export interface AccessDecision {
  readonly user: string;
  readonly method: string;
  readonly path: string;
  readonly allowed: boolean;
  /** The HTTP status of a refusal; null where it is allowed. */
  readonly status: number | null;
  /** What decided, as text. */
  readonly why: string;
}

/** The method in upper case. Throws a usage error for one that Kapacitor does not route. */
export function parseMethod(method: string): string {
  const upper = method.toUpperCase();
  if (Object.hasOwn(privilegeByMethod, upper)) return upper;
  const known = Object.keys(privilegeByMethod).join(', ');
  throw usageError('bad-method', `unknown method "${excerpt(method, 20)}"`, `Use one of ${known}.`);
}

const maskWords: ReadonlyMap<number, string> = new Map([
  [1, 'none'],
  [2, 'read'],
  [4, 'write'],
  [6, 'read and write'],
  [16, 'all'],
]);

/** The privileges of a mask, as text. */
export function describeMask(mask: number): string {
  return maskWords.get(mask) ?? String(mask);
}

/** A privilege's resource as administrators know it: `/database/telegraf_clean` is database "telegraf". */
export function describeResource(resource: string): string {
  return resource === '/database' ? 'all databases' : resource.replace(/^\/database\/(.+)_clean$/s, 'database "$1"');
}

/** The entry that decided, with what it gives: `all privileges on /api`. */
export function describeEntry(entry: string | undefined, mask: number): string {
  return entry === undefined ? 'no privilege covers it' : describePrivileges(mask, describeResource(entry));
}

/** `no privilege on /api/config`, `write on database "telegraf"`. */
export function describePrivileges(mask: number, place: string): string {
  const words: Readonly<Record<string, string>> = { none: 'no privilege', all: 'all privileges' };
  return `${words[describeMask(mask)] ?? describeMask(mask)} on ${place}`;
}

/**
 * The entry that decided a request of a user of the cluster, after the permission that it comes from, where only one can
 * give it: a table cuts the end of a cell, and no permission may be cut.
 */
function describeGrantedEntry(entry: string | undefined, mask: number): string {
  const described = describeEntry(entry, mask);
  if (entry === undefined) return described;
  if (mask === privilegeBits.none) return `${described} (KapacitorAPI excludes the configuration)`;
  const resource = entry.startsWith('/database') ? 'database' : entry;
  const givers = Object.entries(permissionGrants).filter(([, grants]) =>
    grants.some((grant) => grant.resource === resource && (privilegeBits[grant.privilege] & mask) !== 0),
  );
  return givers.length === 1 ? `${givers[0]![0]}: ${described}` : described;
}

const databaseNeeded = 'a write needs ?db=NAME';

/** What decided a trace of authorization: the last step that decided anything. */
function decisionReason(trace: Trace): string {
  const { verdict, location } = findVerdict(trace);
  if (verdict === 'redirect') return `the path is not clean; redirects to ${toText(location ?? '')}`;
  if (verdict === 'bad-request') return "rejected by Go's HTTP server";
  const step = trace.findLast((one) => one.kind === 'privileges' || one.kind === 'database');
  if (step === undefined) return 'no authentication required';
  if (step.kind === 'database') {
    return step.decidedBy === 'no-database' ? databaseNeeded : describeGrantedEntry(step.entry, step.mask);
  }
  return step.decidedBy === 'nothing-needed' ? 'no privilege needed' : describeGrantedEntry(step.entry, step.mask);
}

/** Why a user whose record cannot be decoded has no access. */
export function describeUndecodable(unknown: string): string {
  return `Kapacitor rejects every login of this user: it does not know the permission ${excerpt(unknown, 60)}`;
}

function authorizationTrace({ name, permissions }: User, method: string, path: string): Trace {
  const privileges = compileDecodedPermissions(permissions);
  return handleRequestAs({ name: toBinary(name), privileges }, { method, target: toBinary(path), headers: [] });
}

/** The decision for a user whose record is known, from the authorization step on. */
export function decideAccess(user: User, method: string, path: string): AccessDecision {
  const question = { user: user.name, method, path };
  const { permissions, unknown } = decodePermissions(user.permissions);
  if (unknown[0] !== undefined)
    return { ...question, allowed: false, status: 401, why: describeUndecodable(unknown[0]) };
  const trace = authorizationTrace({ ...user, permissions }, method, path);
  const { verdict, status } = findVerdict(trace);
  return { ...question, allowed: verdict === 'allow', status, why: decisionReason(trace) };
}

/**
 * A path with a query, taken from a URL or given without its first slash. A password in the query is replaced by `***`;
 * it decides nothing once the user is known.
 */
export function accessPath(text: string): string {
  const isUrl = /^https?:\/\//i.test(text);
  const path = isUrl ? splitUrl(text, 'the path').target : text.startsWith('/') ? text : `/${text}`;
  return displayTarget(path);
}

/** What to say of a path that Kapacitor has no endpoint for; undefined where it has one, or looks at the path in no other way. */
export function endpointFault(method: string, path: string): string | undefined {
  const read = parseRequest({ method, target: toBinary(path), headers: [] });
  return read.ok ? noEndpointMessage(method, toText(read.url.path)) : undefined;
}

/** A write of points without its database. */
function lacksDatabase({ status, why }: AccessDecision): boolean {
  return status === null && why === databaseNeeded;
}

/**
 * The requests that a write without a database expands to: one for each database in the user record, and one for all
 * others.
 */
function decidePerDatabase(user: User, access: AccessDecision): readonly AccessDecision[] {
  const sign = access.path.includes('?') ? '&' : '?';
  const named = [...user.permissions.keys()].filter((scope) => scope !== '').sort();
  const write = (database: string): AccessDecision =>
    decideAccess(user, access.method, `${access.path}${sign}db=${percentEncode(database)}`);
  const others = write(unusedDatabaseName(named));
  return [...named.map(write), { ...others, why: `any other database: ${others.why}` }];
}

/** A placeholder for every database but these. */
export function unusedDatabaseName(named: readonly string[]): string {
  let name = 'OTHER';
  while (named.includes(name)) name += '_';
  return name;
}

/**
 * A function that decides whether Kapacitor executes a request of a user; each distinct set of permissions is decided
 * once. A path without an endpoint is a 404, a write without a database a 400.
 * @param byDatabase report the writes to each database instead of such a write
 */
export function createAccessDecider(
  method: string,
  path: string,
  byDatabase: boolean,
): (user: User) => readonly AccessDecision[] {
  const fault = endpointFault(method, path);
  const decided = new Map<string, readonly AccessDecision[]>();
  const decide = (user: User): readonly AccessDecision[] => {
    const access = decideAccess(user, method, path);
    if (!access.allowed) return [access];
    if (fault !== undefined) return [{ ...access, allowed: false, status: 404, why: fault }];
    if (!lacksDatabase(access)) return [access];
    const refused = { ...access, allowed: false, status: 400 };
    return byDatabase ? [refused, ...decidePerDatabase(user, access)] : [refused];
  };
  return (user) => {
    const key = permissionsKey(user.permissions);
    let known = decided.get(key);
    if (known === undefined) decided.set(key, (known = decide(user)));
    return known.map((access) => (access.user === user.name ? access : { ...access, user: user.name }));
  };
}

/**
 * Whether Kapacitor lets a user create an administrator of its own store: `POST /kapacitor/v1/users`, which KapacitorAPI
 * gives, for any database, and nothing else does. That administrator may do everything.
 */
export function canCreateAdmin({ permissions }: User): boolean {
  return (
    [...permissions.values()].some((names) => names.includes('KapacitorAPI')) &&
    decodePermissions(permissions).unknown.length === 0
  );
}

/** What users may do by a detour: an administrator that they create may do everything. */
export function adminCreatorNote(names: readonly string[]): string {
  return (
    `${showNames(names)} may not do this, but can create a Kapacitor administrator who may: ` +
    'KapacitorAPI allows POST /kapacitor/v1/users.'
  );
}

/** Whether a user lacks a privilege for a request; not whether the request is invalid. */
export function lacksPrivilege({ allowed, status }: AccessDecision): boolean {
  return !allowed && (status === 401 || status === 403);
}

/** A permission that a role grants, and that the user record lacks. */
export interface RolePermission {
  readonly role: string;
  readonly permission: string;
  readonly scope: string;
}

/** Permissions of a user's roles that would allow one of these refused requests, if the user record included them. */
export function rolePermissionsThatAllow(
  user: User,
  roles: Iterable<Role>,
  refused: readonly AccessDecision[],
): readonly RolePermission[] {
  const open = refused.filter(lacksPrivilege);
  if (open.length === 0 || decodePermissions(user.permissions).unknown.length > 0) return [];
  const allows = (permission: string, scope: string): boolean => {
    const own = user.permissions.get(scope) ?? [];
    const permissions = new Map(user.permissions).set(scope, [...own, permission]);
    return open.some(({ method, path }) => decideAccess({ ...user, permissions }, method, path).allowed);
  };
  return rolesOf(user.name, roles).flatMap((role) =>
    [...role.permissions].flatMap(([scope, names]) =>
      names.flatMap((permission) => (allows(permission, scope) ? [{ role: role.name, permission, scope }] : [])),
    ),
  );
}
