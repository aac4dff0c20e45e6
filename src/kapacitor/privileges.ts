import type { Permissions } from '../model/user.js';

/** What a request needs on its resource (auth/auth.go). */
export type Privilege = 'none' | 'read' | 'write' | 'delete' | 'all';

/** The bits of Kapacitor's masks (auth/auth.go, type Privilege). */
export const bits: Readonly<Record<Privilege, number>> = { none: 1, read: 2, write: 4, delete: 8, all: 16 };

/** Resources with a slot of their own; every other one is a database's. */
export const resources = ['/api', '/api/config', '/api/ping', '/api/write', '/database'] as const;

export type Slot = 0 | 1 | 2 | 3 | 4;

export const slotOf: ReadonlyMap<string, Slot> = new Map(resources.map((name, slot) => [name, slot as Slot]));

/** Permissions compiled to masks: 0 where the resource has no entry. */
export interface Privileges {
  /** One mask for each of `resources`. */
  readonly masks: readonly number[];
  /** Masks of single databases by resource, such as `/database/telegraf_clean`. */
  readonly databases: ReadonlyMap<string, number> | undefined;
}

/**
 * The resource of a database: `""` stands for all of them; a `/` becomes `_` and is told by the suffix (auth/auth.go,
 * DatabaseResource).
 */
export function databaseResource(database: string): string {
  if (database === '') return '/database';
  return database.includes('/') ? `/database/${database.replaceAll('/', '_')}_dirty` : `/database/${database}_clean`;
}

/** One thing that a permission gives; `database` stands for the database of its scope. */
interface Grant {
  readonly resource: '/api' | '/api/config' | '/api/ping' | '/api/write' | 'database';
  readonly privilege: Privilege;
  /** Given only where nothing else gives an entry. */
  readonly unlessGranted?: true;
}

/** What each permission gives, whatever the order (services/auth/service.go, convertPMPermissions). Others give nothing. */
export const grants: Readonly<Record<string, readonly Grant[]>> = {
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

const compiled: ReadonlyMap<string, readonly { slot: Slot | -1; bit: number; unlessGranted: boolean }[]> = new Map(
  Object.entries(grants).map(([permission, list]) => [
    permission,
    list.map(({ resource, privilege, unlessGranted }) => ({
      slot: resource === 'database' ? -1 : slotOf.get(resource)!,
      bit: bits[privilege],
      unlessGranted: unlessGranted === true,
    })),
  ]),
);

/** The privileges that a user document's own permissions give. Several on one resource are OR-ed. */
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
