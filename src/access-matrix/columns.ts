import { usageError } from '../errors.js';
import { toBinary } from '../go-compat/utf8.js';
import {
  compileEndpoint,
  compileResource,
  databaseResource,
  decidePrivilege,
  privilegeByMethod,
  type CompiledResource,
  type PrivilegeDecision,
  type Privileges,
} from '../auth-engine/privileges.js';
import { endpoints } from '../model/endpoints.js';
import { excerpt } from '../model/text.js';
import type { Role, User } from '../model/user.js';
import type { MatrixEndpoint, MatrixFilters } from './matrix.js';

export interface EndpointColumn {
  readonly endpoint: MatrixEndpoint;
  readonly target: CompiledResource;
}

export interface DatabaseColumn {
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
