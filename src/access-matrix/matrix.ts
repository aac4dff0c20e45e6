import {
  type CompiledResource,
  compileEndpoint,
  compileResource,
  databaseResource,
  decidePrivilege,
  type Privilege,
  privilegeByMethod,
  type PrivilegeDecision,
  type Privileges,
} from '../auth-engine/privileges.js';
import type { Permissions } from '../model/permissions.js';
import type { Role, RolesInUserRecords, User } from '../model/user.js';
import { usageError } from '../errors.js';
import { toBinary } from '../go-compat/utf8.js';
import { endpoints } from '../model/kapacitor-endpoints.js';
import { excerpt } from '../model/text.js';

/** The requested filters; empty lists and null filter nothing. */
export interface MatrixFilters {
  /** Globs of user names. */
  readonly users: readonly string[];
  /** Beginnings of paths. */
  readonly endpoints: readonly string[];
  readonly methods: readonly string[];
  readonly databases: readonly string[];
  readonly only: 'allowed' | 'denied' | null;
  readonly role: string | null;
}

/** A column: a method and path of Kapacitor. */
export interface MatrixEndpoint {
  readonly method: string;
  readonly path: string;
  readonly what: string;
  /** The first part of the path below /kapacitor/v1. */
  readonly group: string;
  readonly resource: string;
  readonly needed: Privilege;
}

/** Permissions that would turn a refusal into its opposite, granted to the user or taken from it. */
export interface PermissionFix {
  readonly action: 'grant' | 'revoke';
  readonly permissions: readonly string[];
  /** A database; `""` for all; undefined for that of the column, which is all in the column of other databases. */
  readonly scope: string | undefined;
}

/** Why a cell is as it is. */
export interface CellReason {
  readonly allowed: boolean;
  readonly rule: 'nothing-needed' | 'entry' | 'no-entry' | 'cannot-log-in';
  /** What decided, as text. */
  readonly why: string;
  /** The resource whose entry decided, and the privileges in its mask. */
  readonly entry: string | undefined;
  readonly mask: string | undefined;
  /** The user's own permissions that made this entry. */
  readonly permissions: readonly string[];
  /** Roles that would allow it, if the user record included their permissions. */
  readonly roles: readonly string[];
  readonly fixes: readonly PermissionFix[];
}

/** The cells of the users who have the same permissions; numbers are places in `reasons`. */
export interface MatrixRow {
  /** Their own permissions, of those that mean something to Kapacitor. */
  readonly permissions: Permissions;
  /** Permissions that Kapacitor does not know: it cannot log these users in. */
  readonly unknown: readonly string[];
  /** One for each endpoint. */
  readonly endpoints: readonly number[];
  readonly writes: {
    /** By place in `databases`, where it differs from the others. */
    readonly own: ReadonlyMap<number, number>;
    /** For every other database, named in the matrix or not. */
    readonly others: number;
  };
}

export interface MatrixUser {
  readonly name: string;
  readonly roles: readonly string[];
  /** Its place in `rows`. */
  readonly row: number;
}

/** Who may do what: users by endpoints, and by databases for writes. */
export interface Matrix {
  /** When the users were read, in ISO 8601. */
  readonly made: string;
  /** The queried meta nodes, or the state files. */
  readonly cluster: readonly string[];
  /** Whether this cluster copies role permissions into user records. */
  readonly rolesInUserRecords: RolesInUserRecords;
  readonly filters: MatrixFilters;
  readonly endpoints: readonly MatrixEndpoint[];
  /** Databases with a column for writes. */
  readonly databases: readonly string[];
  /** Whether a column is about writes to every other database. */
  readonly otherDatabases: boolean;
  readonly reasons: readonly CellReason[];
  readonly rows: readonly MatrixRow[];
  /** By name. */
  readonly users: readonly MatrixUser[];
  /** What a reader of any form of it has to know beside the cells. */
  readonly notes: readonly string[];
}

/** The columns, and the cells of each row. */
export type MatrixCells = Pick<Matrix, 'endpoints' | 'databases' | 'otherDatabases' | 'reasons' | 'rows'>;

export const noFilters: MatrixFilters = {
  users: [],
  endpoints: [],
  methods: [],
  databases: [],
  only: null,
  role: null,
};

/** Whether a string is a glob: `*` matches any characters, `?` one, all others themselves. */
export function matchesGlob(glob: string, text: string): boolean {
  const pattern = [...glob];
  const chars = [...text];
  let at = 0;
  let i = 0;
  let star = -1;
  let resume = 0;
  while (i < chars.length) {
    if (pattern[at] === '*') {
      star = at++;
      resume = i;
    } else if (pattern[at] === '?' || pattern[at] === chars[i]) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

interface EndpointColumn {
  readonly endpoint: MatrixEndpoint;
  readonly target: CompiledResource;
}

interface DatabaseColumn {
  readonly name: string;
  readonly target: CompiledResource;
}

export interface MatrixColumns {
  readonly endpoints: readonly EndpointColumn[];
  readonly databases: readonly DatabaseColumn[];
  readonly otherDatabases: boolean;
}

const base = '/kapacitor/v1';
const writePath = `${base}/write`;

/** What the request of a write needs before its database counts. */
const writeTarget = compileEndpoint(writePath);

/** Decides a write of points: by its endpoint, then by its database. */
export function decideWrite(privileges: Privileges, database: CompiledResource): PrivilegeDecision {
  const endpoint = decidePrivilege(privileges, writeTarget, 'write');
  return endpoint.allowed ? decidePrivilege(privileges, database, 'write') : endpoint;
}

/** A database as the resource that a write to it needs. */
export function compileDatabase(name: string): CompiledResource {
  return compileResource(databaseResource(toBinary(name)));
}

/** The databases that have no entry of their own. */
export const anyDatabase = compileResource(databaseResource(''));

function below(path: string): string {
  return path.startsWith(`${base}/`) ? path.slice(base.length) : path;
}

/** `/kapacitor/v1/tasks/ID` is of `tasks`. */
function groupOf(path: string): string {
  return (
    (path.startsWith(`${base}preview/`) ? path.slice('/kapacitor/'.length) : below(path).slice(1)).split('/')[0] ?? ''
  );
}

const allEndpoints: readonly EndpointColumn[] = endpoints.map(({ method, path, what }) => {
  const target = compileEndpoint(path);
  const needed = privilegeByMethod[method] ?? 'all';
  return { endpoint: { method, path, what, group: groupOf(path), resource: target.resource, needed }, target };
});

const groups = [...new Set(allEndpoints.map(({ endpoint }) => endpoint.group))];

function matchesPrefix(path: string, prefix: string): boolean {
  const rooted = prefix.startsWith('/') ? prefix : `/${prefix}`;
  return path.startsWith(rooted) || below(path).startsWith(rooted);
}

/** The endpoints that the filters leave. Throws a usage error where Kapacitor has none such. */
export function selectEndpoints({
  endpoints: prefixes,
  methods,
}: Pick<MatrixFilters, 'endpoints' | 'methods'>): readonly EndpointColumn[] {
  for (const prefix of prefixes) {
    if (allEndpoints.some(({ endpoint }) => matchesPrefix(endpoint.path, prefix))) continue;
    const hint = `Use one of ${groups.map((group) => `/${group}`).join(', ')}.`;
    throw usageError('unknown-endpoint', `no endpoint starts with "${excerpt(prefix, 60)}"`, hint);
  }
  const found = allEndpoints.filter(
    ({ endpoint: { method, path } }) =>
      (prefixes.length === 0 || prefixes.some((prefix) => matchesPrefix(path, prefix))) &&
      (methods.length === 0 || methods.includes(method)),
  );
  if (found.length > 0) return found;
  const where = prefixes.length === 0 ? '' : ` below ${prefixes.map((prefix) => excerpt(prefix, 60)).join(', ')}`;
  throw usageError('no-endpoint', `no endpoint${where} supports ${methods.join(', ')}`);
}

/** All databases that a document names, sorted. */
function databaseScopes(users: Iterable<User>, roles: Iterable<Role>): readonly string[] {
  const scopes = new Set<string>();
  const seen = new Set<unknown>();
  for (const { permissions } of [...users, ...roles]) {
    if (seen.has(permissions)) continue;
    seen.add(permissions);
    for (const scope of permissions.keys()) if (scope !== '') scopes.add(scope);
  }
  return [...scopes].sort();
}

/**
 * A write of points: without a database it is always denied, so it has a column for each database instead of its own.
 */
function isWrite({ endpoint: { method, path } }: EndpointColumn): boolean {
  return method === 'POST' && (path === writePath || path === '/write');
}

/**
 * The columns that the filters leave: endpoints, and databases where writes are among them or databases were named.
 * Throws a usage error for an endpoint that Kapacitor does not have.
 */
export function selectColumns(filters: MatrixFilters, users: Iterable<User>, roles: Iterable<Role>): MatrixColumns {
  const chosen = selectEndpoints(filters);
  const named = filters.databases.length > 0;
  const writes = chosen.some(isWrite);
  const names = named ? [...new Set(filters.databases)] : writes ? databaseScopes(users, roles) : [];
  return {
    endpoints: chosen.filter((column) => !isWrite(column)),
    databases: names.map((name) => ({ name, target: compileDatabase(name) })),
    otherDatabases: writes && !named,
  };
}

/**
 * Combines the matrices of several clusters, read with the same filters. A user name has one row for each cluster. A
 * database that only one cluster names gets the cells of "every other database" on the others.
 */
export function combineMatrices(matrices: readonly Matrix[]): MatrixCells & Pick<Matrix, 'users'> {
  const databases = [...new Set(matrices.flatMap((one) => one.databases))].sort();
  const combined = {
    reasons: [] as Matrix['reasons'][number][],
    rows: [] as Matrix['rows'][number][],
    users: [] as Matrix['users'][number][],
  };
  for (const { reasons, rows, users, databases: named } of matrices) {
    const firstReason = combined.reasons.length;
    const firstRow = combined.rows.length;
    const places = named.map((database) => databases.indexOf(database));
    for (const reason of reasons) combined.reasons.push(reason);
    for (const row of rows) {
      const own = [...row.writes.own].map(([at, reason]) => [places[at] ?? 0, firstReason + reason] as const);
      combined.rows.push({
        ...row,
        endpoints: row.endpoints.map((reason) => firstReason + reason),
        writes: { own: new Map(own), others: firstReason + row.writes.others },
      });
    }
    for (const user of users) combined.users.push({ ...user, row: firstRow + user.row });
  }
  const [first] = matrices;
  return {
    ...combined,
    databases,
    endpoints: first?.endpoints ?? [],
    otherDatabases: first?.otherDatabases ?? false,
  };
}
