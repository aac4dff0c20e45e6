import { cleanPath, joinPath } from '../go-compat/path.js';
import { bits, resources, slotOf, type Privilege, type Privileges, type Slot } from './privileges.js';

/** The privilege that each routed method needs (services/httpd/handler.go, requiredPrivilegeForHTTPMethod). */
export const neededPrivilege: Readonly<Record<string, Privilege>> = {
  HEAD: 'none',
  OPTIONS: 'none',
  GET: 'read',
  POST: 'write',
  PATCH: 'write',
  PUT: 'write',
  DELETE: 'delete',
};

/** What the paths of Kapacitor's API begin with. */
export const basePath = '/kapacitor/v1';

/** A resource with those of its ancestors that can have an entry, the nearest first. */
export interface Target {
  readonly resource: string;
  /** A slot of `resources`, or the name of a single database's resource. */
  readonly entries: readonly (Slot | string)[];
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
export function compileResource(resource: string): Target {
  const entries: (Slot | string)[] = [];
  for (const name of ancestors(cleanPath(resource))) {
    const slot = slotOf.get(name);
    if (slot !== undefined) entries.push(slot);
    else if (name.startsWith('/database/')) entries.push(name);
  }
  return { resource, entries };
}

/**
 * The resource of a request: its decoded path less `/kapacitor/v1` at the beginning, joined to `/api` and cleaned
 * (services/httpd/handler.go, authorizeRequest; auth/auth.go, APIResource).
 */
export function compileEndpoint(path: string): Target {
  return compileResource(joinPath('/api', path.startsWith(basePath) ? path.slice(basePath.length) : path));
}

/** Whether a privilege is there, and the entry that decided it. */
export interface Decision {
  readonly allowed: boolean;
  readonly rule: 'nothing-needed' | 'entry' | 'no-entry';
  /** The resource whose entry decided. */
  readonly entry: string | undefined;
  readonly mask: number;
}

export const nothingNeeded: Decision = { allowed: true, rule: 'nothing-needed', entry: undefined, mask: 0 };
export const noEntry: Decision = { allowed: false, rule: 'no-entry', entry: undefined, mask: 0 };

function byEntry(entry: string, mask: number, needed: Privilege): Decision {
  return { allowed: (mask & bits[needed]) !== 0 || mask === bits.all, rule: 'entry', entry, mask };
}

const maskCount = bits.all * 2;

/** Every decision that a slot can give, made once. */
const decisions: readonly ReadonlyMap<Privilege, readonly Decision[]>[] = resources.map(
  (resource) =>
    new Map(
      (['read', 'write', 'delete', 'all'] as const).map((needed) => [
        needed,
        Array.from({ length: maskCount }, (_, mask) => byEntry(resource, mask, needed)),
      ]),
    ),
);

/**
 * Decides a needed privilege on a target: the nearest ancestor that has an entry decides; none is a refusal
 * (auth/auth.go, AuthorizeAction).
 */
export function decide(privileges: Privileges, target: Target, needed: Privilege): Decision {
  if (needed === 'none') return nothingNeeded;
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
  return noEntry;
}
