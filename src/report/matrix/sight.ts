import { grants, type Privileges } from '../../kapacitor/privileges.js';
import type { Permissions, Role } from '../../model/user.js';
import { compileDecoded, decodePermissions, permissionsKey } from '../decoded.js';
import { makeGivers, type Givers } from './givers.js';

/** What of a document and its roles can matter to Kapacitor. Users with the same key have the same cells. */
export interface Sight {
  readonly key: string;
  /** Which permissions and roles, whatever the database. */
  readonly namesKey: string;
  readonly own: Permissions;
  readonly unknown: readonly { readonly scope: string; readonly permissions: readonly string[] }[];
  readonly privileges: Privileges;
  readonly givers: Givers;
  /** The privileges if this permission were granted besides, for all databases. */
  readonly plus: (permission: string) => Privileges;
  /** Each role that has such permissions, and the privileges if it stood in the document. */
  readonly roles: readonly { readonly name: string; readonly joined: Privileges }[];
}

/** The document of a user, less what means nothing to Kapacitor. */
interface Own {
  readonly key: string;
  readonly permissions: Permissions;
  readonly unknown: readonly string[];
}

function meaningful(permissions: Permissions): Permissions {
  const kept = new Map<string, readonly string[]>();
  for (const scope of [...permissions.keys()].sort()) {
    const names = new Set(permissions.get(scope)?.filter((name) => Object.hasOwn(grants, name)));
    if (names.size > 0) kept.set(scope, [...names].sort());
  }
  return kept;
}

function join(...documents: readonly Permissions[]): Permissions {
  const joined = new Map<string, readonly string[]>();
  for (const document of documents) {
    for (const [scope, names] of document) joined.set(scope, [...(joined.get(scope) ?? []), ...names]);
  }
  return joined;
}

function plusOf(own: Permissions): Sight['plus'] {
  const made = new Map<string, Privileges>();
  return (permission) => {
    const known = made.get(permission);
    if (known !== undefined) return known;
    const privileges = compileDecoded(join(own, new Map([['', [permission]]])));
    made.set(permission, privileges);
    return privileges;
  };
}

function unknownByScope(permissions: Permissions, unknown: readonly string[]): Sight['unknown'] {
  return [...permissions]
    .map(([scope, names]) => ({ scope, permissions: [...new Set(names)].filter((name) => unknown.includes(name)) }))
    .filter((one) => one.permissions.length > 0);
}

/** A function from a user's permissions and roles to what matters of them; it makes each value once. */
export function makeSights(roles: Iterable<Role>): (permissions: Permissions, memberOf: readonly Role[]) => Sight {
  const ofRole = new Map<string, Permissions>();
  for (const role of roles) {
    const permissions = meaningful(decodePermissions(role.permissions).permissions);
    if (permissions.size > 0) ofRole.set(role.name, permissions);
  }
  const documents = new Map<string, Own>();
  const sights = new Map<string, Sight>();
  const giversOf = makeGivers();

  const read = (permissions: Permissions): Own => {
    const text = permissionsKey(permissions);
    const known = documents.get(text);
    if (known !== undefined) return known;
    const decoded = decodePermissions(permissions);
    const own = meaningful(decoded.permissions);
    const unknown = decoded.unknown.length === 0 ? '' : JSON.stringify(unknownByScope(permissions, decoded.unknown));
    const made = { key: `${unknown}${JSON.stringify([...own])}`, permissions: own, unknown: decoded.unknown };
    documents.set(text, made);
    return made;
  };

  return (permissions, memberOf) => {
    const own = read(permissions);
    let rolesKey = '';
    for (const { name } of memberOf) if (ofRole.has(name)) rolesKey += `${name.length}:${name}`;
    const key = `${own.key}${rolesKey}`;
    const known = sights.get(key);
    if (known !== undefined) return known;
    const giving = memberOf.flatMap(({ name }) => (ofRole.has(name) ? [name] : []));
    const names = [...new Set([...own.permissions.values()].flat())].sort();
    const sight: Sight = {
      key,
      namesKey: names.join() + rolesKey,
      own: own.permissions,
      unknown: unknownByScope(permissions, own.unknown),
      privileges: compileDecoded(own.permissions),
      givers: giversOf(own.permissions),
      plus: plusOf(own.permissions),
      roles: giving.map((name) => ({
        name,
        joined: compileDecoded(join(own.permissions, ofRole.get(name) ?? new Map())),
      })),
    };
    sights.set(key, sight);
    return sight;
  };
}
