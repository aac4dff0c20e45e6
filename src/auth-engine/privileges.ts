import { isPermission, type Permissions } from '../model/permissions.js';
import { cleanPath, joinPath } from '../go-compat/url.js';
import { toBinary } from '../go-compat/utf8.js';

/** The privilege that a request needs on its resource (auth/auth.go). */
export type Privilege = 'none' | 'read' | 'write' | 'delete' | 'all';

/** The bits of Kapacitor's masks (auth/auth.go, type Privilege). */
export const privilegeBits: Readonly<Record<Privilege, number>> = { none: 1, read: 2, write: 4, delete: 8, all: 16 };

/** Resources with their own slot; all others are databases. */
export const namedResources = ['/api', '/api/config', '/api/ping', '/api/write', '/database'] as const;

type ResourceSlot = 0 | 1 | 2 | 3 | 4;

const resourceSlots: ReadonlyMap<string, ResourceSlot> = new Map(
  namedResources.map((name, slot) => [name, slot as ResourceSlot]),
);

/** Permissions compiled to masks: 0 where the resource has no entry. */
export interface Privileges {
  /** One mask for each named resource. */
  readonly masks: readonly number[];
  /** Masks of single databases by resource, such as `/database/telegraf_clean`. */
  readonly databases: ReadonlyMap<string, number> | undefined;
}

/**
 * The resource of a database; `""` means all databases. A `/` becomes `_`, which the suffix marks (auth/auth.go,
 * DatabaseResource).
 */
export function databaseResource(database: string): string {
  if (database === '') return '/database';
  return database.includes('/') ? `/database/${database.replaceAll('/', '_')}_dirty` : `/database/${database}_clean`;
}

/** One privilege that a permission grants; `database` means the database of its scope. */
interface Grant {
  readonly resource: '/api' | '/api/config' | '/api/ping' | '/api/write' | 'database';
  readonly privilege: Privilege;
  /** Granted only if nothing else creates an entry. */
  readonly unlessGranted?: true;
}

/**
 * The privileges that each permission grants, in any order (services/auth/service.go, convertPMPermissions). Other
 * permissions grant nothing.
 */
export const permissionGrants: Readonly<Record<string, readonly Grant[]>> = {
  KapacitorAPI: [
    { resource: '/api', privilege: 'all' },
    { resource: '/api/config', privilege: 'none', unlessGranted: true },
  ],
  KapacitorConfigAPI: [
    { resource: '/api/ping', privilege: 'all' },
    { resource: '/api/config', privilege: 'all' },
  ],
  WriteData: [
    { resource: 'database', privilege: 'write' },
    { resource: '/api/write', privilege: 'write' },
    { resource: '/api/ping', privilege: 'all' },
  ],
  ReadData: [
    { resource: 'database', privilege: 'read' },
    { resource: '/api/ping', privilege: 'all' },
  ],
};

const compiled: ReadonlyMap<string, readonly { slot: ResourceSlot | -1; bit: number; unlessGranted: boolean }[]> =
  new Map(
    Object.entries(permissionGrants).map(([permission, list]) => [
      permission,
      list.map(({ resource, privilege, unlessGranted }) => ({
        slot: resource === 'database' ? -1 : resourceSlots.get(resource)!,
        bit: privilegeBits[privilege],
        unlessGranted: unlessGranted === true,
      })),
    ]),
  );

/** The privileges that the permissions of a user record grant. Several on one resource are OR-ed. */
export function compilePrivileges(permissions: Permissions): Privileges {
  const masks = [0, 0, 0, 0, 0];
  let databases: Map<string, number> | undefined;
  let fallback = 0;
  for (const [scope, names] of permissions) {
    for (const name of names) {
      const list = compiled.get(name);
      if (list === undefined) continue;
      for (const { slot, bit, unlessGranted } of list) {
        if (unlessGranted) fallback = bit;
        else if (slot >= 0) masks[slot]! |= bit;
        else if (scope === '') masks[4]! |= bit;
        else {
          const resource = databaseResource(scope);
          databases ??= new Map();
          databases.set(resource, (databases.get(resource) ?? 0) | bit);
        }
      }
    }
  }
  if (masks[1] === 0) masks[1] = fallback;
  return { masks, databases };
}

/** The privilege that each routed method needs (services/httpd/handler.go, requiredPrivilegeForHTTPMethod). */
export const privilegeByMethod: Readonly<Record<string, Privilege>> = {
  HEAD: 'none',
  OPTIONS: 'none',
  GET: 'read',
  POST: 'write',
  PATCH: 'write',
  PUT: 'write',
  DELETE: 'delete',
};

/** Prefix of the paths of Kapacitor's API. */
export const apiPrefix = '/kapacitor/v1';

/** A resource, with those of its ancestors that can have an entry, nearest first. */
export interface CompiledResource {
  readonly resource: string;
  /** A slot of a named resource, or the resource of a single database. */
  readonly entries: readonly (ResourceSlot | string)[];
}

/** The ancestors of a clean resource, itself first, up to `/`. */
function ancestors(resource: string): string[] {
  const list = [resource];
  while (resource !== '/') {
    resource = cleanPath(resource.slice(0, Math.max(1, resource.lastIndexOf('/'))));
    list.push(resource);
  }
  return list;
}

/** Compiles a resource once for many decisions. */
export function compileResource(resource: string): CompiledResource {
  const entries: (ResourceSlot | string)[] = [];
  for (const name of ancestors(cleanPath(resource))) {
    const slot = resourceSlots.get(name);
    if (slot !== undefined) entries.push(slot);
    else if (name.startsWith('/database/')) entries.push(name);
  }
  return { resource, entries };
}

/**
 * The resource of a request: its decoded path without the prefix `/kapacitor/v1`, joined to `/api` and cleaned
 * (services/httpd/handler.go, authorizeRequest; auth/auth.go, APIResource).
 */
export function compileEndpoint(path: string): CompiledResource {
  return compileResource(joinPath('/api', path.startsWith(apiPrefix) ? path.slice(apiPrefix.length) : path));
}

/** Whether a privilege is granted, and the entry that decided. */
export interface PrivilegeDecision {
  readonly allowed: boolean;
  readonly rule: 'nothing-needed' | 'entry' | 'no-entry';
  /** Resource of the entry that decided. */
  readonly entry: string | undefined;
  readonly mask: number;
}

const noPrivilegeNeeded: PrivilegeDecision = {
  allowed: true,
  rule: 'nothing-needed',
  entry: undefined,
  mask: 0,
};
const noPrivilegeEntry: PrivilegeDecision = { allowed: false, rule: 'no-entry', entry: undefined, mask: 0 };

function byEntry(entry: string, mask: number, needed: Privilege): PrivilegeDecision {
  return { allowed: (mask & privilegeBits[needed]) !== 0 || mask === privilegeBits.all, rule: 'entry', entry, mask };
}

const maskCount = privilegeBits.all * 2;

/** Every possible decision of a slot, precomputed. */
const decisions: readonly ReadonlyMap<Privilege, readonly PrivilegeDecision[]>[] = namedResources.map(
  (resource) =>
    new Map(
      (['read', 'write', 'delete', 'all'] as const).map((needed) => [
        needed,
        Array.from({ length: maskCount }, (_, mask) => byEntry(resource, mask, needed)),
      ]),
    ),
);

/**
 * Decides whether a privilege is granted: the nearest ancestor with an entry decides; without one it is denied
 * (auth/auth.go, AuthorizeAction).
 */
export function decidePrivilege(
  privileges: Privileges,
  target: CompiledResource,
  needed: Privilege,
): PrivilegeDecision {
  if (needed === 'none') return noPrivilegeNeeded;
  const { entries } = target;
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i]!;
    if (typeof entry === 'number') {
      const mask = privileges.masks[entry]!;
      if (mask !== 0) return decisions[entry]!.get(needed)![mask]!;
    } else {
      const mask = privileges.databases?.get(entry);
      if (mask !== undefined) return byEntry(entry, mask, needed);
    }
  }
  return noPrivilegeEntry;
}

/**
 * Permissions as Kapacitor decodes them, and the names that it does not know: with one of them it rejects the record.
 */
interface DecodedPermissions {
  readonly permissions: Permissions;
  readonly unknown: readonly string[];
}

const none: readonly string[] = [];
const ascii = /^[\u0000-\u007f]*$/;

/** Decodes the permissions of a user record: `"9"` is WriteData (services/auth/meta/types.go). */
export function decodePermissions(permissions: Permissions): DecodedPermissions {
  let hasUnknown = false;
  for (const names of permissions.values()) hasUnknown ||= !names.every(isPermission);
  if (!hasUnknown) return { permissions, unknown: none };
  const known = new Map<string, readonly string[]>();
  const unknown = new Set<string>();
  for (const [scope, names] of permissions) {
    const decoded = names.map((name) => (name === '9' ? 'WriteData' : name));
    for (const name of decoded) if (!isPermission(name)) unknown.add(name);
    known.set(scope, decoded.filter(isPermission));
  }
  return { permissions: known, unknown: [...unknown] };
}

/** The privileges of decoded permissions; database names become the bytes that Kapacitor compares. */
export function compileDecodedPermissions(permissions: Permissions): Privileges {
  const binary = new Map<string, readonly string[]>();
  for (const [scope, names] of permissions) binary.set(ascii.test(scope) ? scope : toBinary(scope), names);
  return compilePrivileges(binary);
}

/** A key that only equal permissions share, in the same order. */
export function permissionsKey(permissions: Permissions): string {
  let text = '';
  for (const [scope, names] of permissions) {
    text += `${scope.length}:${scope}${names.length};`;
    for (const name of names) text += `${name.length}:${name}`;
  }
  return text;
}
