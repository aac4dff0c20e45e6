import {
  compileDecodedPermissions,
  decodePermissions,
  namedResources,
  permissionGrants,
  permissionsKey,
  type PrivilegeDecision,
  type Privileges,
} from '../auth-engine/privileges.js';
import type { Permissions } from '../model/permissions.js';
import type { Role } from '../model/user.js';
import { toText } from '../go-compat/utf8.js';
import { describeEntry, describeMask, describeUndecodable } from './decide-access.js';
import { permissionCandidates } from '../diagnostics/login/missing-privileges.js';
import type { CellReason, PermissionFix } from './matrix.js';

/** The permissions that put into an entry what a mask holds, sorted. */
export type PermissionSources = (entry: string, mask: number) => readonly string[];

type Entry = readonly [entry: string, mask: number];

function entriesOf({ masks, databases }: Privileges): readonly Entry[] {
  const entries: Entry[] = [];
  for (const [slot, mask] of masks.entries()) if (mask !== 0) entries.push([namedResources[slot] ?? '', mask]);
  return databases === undefined ? entries : [...entries, ...databases];
}

/** Makes functions that find which permissions of a document made an entry; what one permission gives is found once. */
function createPermissionSources(): (own: Permissions) => PermissionSources {
  const alone = new Map<string, Map<string, readonly Entry[]>>();
  const given = (scope: string, name: string): readonly Entry[] => {
    let inScope = alone.get(scope);
    if (inScope === undefined) alone.set(scope, (inScope = new Map<string, readonly Entry[]>()));
    let entries = inScope.get(name);
    if (entries === undefined)
      inScope.set(name, (entries = entriesOf(compileDecodedPermissions(new Map([[scope, [name]]])))));
    return entries;
  };
  const read = (own: Permissions): ReadonlyMap<string, ReadonlyMap<string, number>> => {
    const byEntry = new Map<string, Map<string, number>>();
    for (const [scope, names] of own) {
      for (const name of names) {
        for (const [entry, mask] of given(scope, name)) {
          let masks = byEntry.get(entry);
          if (masks === undefined) byEntry.set(entry, (masks = new Map<string, number>()));
          masks.set(name, (masks.get(name) ?? 0) | mask);
        }
      }
    }
    return byEntry;
  };
  return (own) => {
    let index: ReadonlyMap<string, ReadonlyMap<string, number>> | undefined;
    return (entry, mask) => {
      index ??= read(own);
      const found: string[] = [];
      for (const [name, given] of index.get(entry) ?? []) if ((given & mask) !== 0) found.push(name);
      return found.sort();
    };
  };
}

/** What of a document and its roles can matter to Kapacitor. Users with the same key have the same cells. */
export interface AccessProfile {
  readonly key: string;
  /** Which permissions and roles, whatever the database. */
  readonly namesKey: string;
  readonly own: Permissions;
  readonly unknown: readonly { readonly scope: string; readonly permissions: readonly string[] }[];
  readonly privileges: Privileges;
  readonly sourcesOf: PermissionSources;
  /** The privileges if this permission were granted besides, for all databases. */
  readonly privilegesWith: (permission: string) => Privileges;
  /** Each role that has such permissions, and the privileges if it stood in the document. */
  readonly roles: readonly { readonly name: string; readonly joined: Privileges }[];
}

/** The user record without what Kapacitor ignores. */
interface RelevantPermissions {
  readonly key: string;
  readonly permissions: Permissions;
  readonly unknown: readonly string[];
}

function relevantPermissions(permissions: Permissions): Permissions {
  const kept = new Map<string, readonly string[]>();
  for (const scope of [...permissions.keys()].sort()) {
    const names = new Set(permissions.get(scope)?.filter((name) => Object.hasOwn(permissionGrants, name)));
    if (names.size > 0) kept.set(scope, [...names].sort());
  }
  return kept;
}

function joinPermissions(...permissionSets: readonly Permissions[]): Permissions {
  const joined = new Map<string, readonly string[]>();
  for (const permissions of permissionSets) {
    for (const [scope, names] of permissions) joined.set(scope, [...(joined.get(scope) ?? []), ...names]);
  }
  return joined;
}

function createPrivilegesWith(own: Permissions): AccessProfile['privilegesWith'] {
  const made = new Map<string, Privileges>();
  return (permission) => {
    const known = made.get(permission);
    if (known !== undefined) return known;
    const privileges = compileDecodedPermissions(joinPermissions(own, new Map([['', [permission]]])));
    made.set(permission, privileges);
    return privileges;
  };
}

function unknownByScope(permissions: Permissions, unknown: readonly string[]): AccessProfile['unknown'] {
  return [...permissions]
    .map(([scope, names]) => ({ scope, permissions: [...new Set(names)].filter((name) => unknown.includes(name)) }))
    .filter((one) => one.permissions.length > 0);
}

/** A function from a user's permissions and roles to what matters of them; it makes each value once. */
export function createAccessProfiles(
  roles: Iterable<Role>,
): (permissions: Permissions, memberOf: readonly Role[]) => AccessProfile {
  const ofRole = new Map<string, Permissions>();
  for (const role of roles) {
    const permissions = relevantPermissions(decodePermissions(role.permissions).permissions);
    if (permissions.size > 0) ofRole.set(role.name, permissions);
  }
  const permissionSets = new Map<string, RelevantPermissions>();
  const profiles = new Map<string, AccessProfile>();
  const giversOf = createPermissionSources();

  const read = (permissions: Permissions): RelevantPermissions => {
    const text = permissionsKey(permissions);
    const known = permissionSets.get(text);
    if (known !== undefined) return known;
    const decoded = decodePermissions(permissions);
    const own = relevantPermissions(decoded.permissions);
    const unknown = decoded.unknown.length === 0 ? '' : JSON.stringify(unknownByScope(permissions, decoded.unknown));
    const made = { key: `${unknown}${JSON.stringify([...own])}`, permissions: own, unknown: decoded.unknown };
    permissionSets.set(text, made);
    return made;
  };

  return (permissions, memberOf) => {
    const own = read(permissions);
    let rolesKey = '';
    for (const { name } of memberOf) if (ofRole.has(name)) rolesKey += `${name.length}:${name}`;
    const key = `${own.key}${rolesKey}`;
    const known = profiles.get(key);
    if (known !== undefined) return known;
    const giving = memberOf.flatMap(({ name }) => (ofRole.has(name) ? [name] : []));
    const names = [...new Set([...own.permissions.values()].flat())].sort();
    const profile: AccessProfile = {
      key,
      namesKey: names.join() + rolesKey,
      own: own.permissions,
      unknown: unknownByScope(permissions, own.unknown),
      privileges: compileDecodedPermissions(own.permissions),
      sourcesOf: giversOf(own.permissions),
      privilegesWith: createPrivilegesWith(own.permissions),
      roles: giving.map((name) => ({
        name,
        joined: compileDecodedPermissions(joinPermissions(own.permissions, ofRole.get(name) ?? new Map())),
      })),
    };
    profiles.set(key, profile);
    return profile;
  };
}

/** The needed privilege, and the permission that certainly grants it, if known. */
export interface CellQuestion {
  readonly ask: (privileges: Privileges) => PrivilegeDecision;
  readonly fix?: PermissionFix;
}

/** The reasons of a matrix, each once. */
export interface ReasonTable {
  readonly list: readonly CellReason[];
  /** The index of what decides for these users. */
  of(question: CellQuestion, profile: AccessProfile): number;
  cannotLogIn(profile: AccessProfile): number;
}

/** The narrowest permission that allows it beside those that the user has. */
function missingPermission(
  { privilegesWith: plus }: AccessProfile,
  { ask, fix }: CellQuestion,
): readonly PermissionFix[] {
  if (fix !== undefined) return [fix];
  const found = permissionCandidates.find((name) => ask(plus(name)).allowed);
  return found === undefined ? [] : [{ action: 'grant', permissions: [found], scope: '' }];
}

export function createReasonTable(): ReasonTable {
  const list: CellReason[] = [];
  const places = new Map<string, number>();

  const place = (key: string, make: () => CellReason): number => {
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, list.length);
    return list.push(make()) - 1;
  };

  return {
    list,
    of(question, profile) {
      const decision = question.ask(profile.privileges);
      const { allowed, rule, mask } = decision;
      const entry = decision.entry === undefined ? undefined : toText(decision.entry);
      const permissions = decision.entry === undefined ? [] : profile.sourcesOf(decision.entry, mask);
      const roles = allowed
        ? []
        : profile.roles.filter(({ joined }) => question.ask(joined).allowed).map(({ name }) => name);
      const fixes = allowed ? [] : missingPermission(profile, question);
      const why = rule === 'nothing-needed' ? 'no privilege needed' : describeEntry(entry, mask);
      const key = JSON.stringify([allowed, rule, entry, mask, permissions, roles, fixes]);
      return place(key, () => ({
        allowed,
        rule,
        why,
        entry,
        mask: entry === undefined ? undefined : describeMask(mask),
        permissions,
        roles,
        fixes,
      }));
    },
    cannotLogIn({ unknown }) {
      return place(`unknown ${JSON.stringify(unknown)}`, () => ({
        allowed: false,
        rule: 'cannot-log-in',
        why: describeUndecodable(unknown[0]?.permissions[0] ?? ''),
        entry: undefined,
        mask: undefined,
        permissions: [],
        roles: [],
        fixes: unknown.map(({ scope, permissions }) => ({ action: 'revoke', permissions, scope })),
      }));
    },
  };
}
