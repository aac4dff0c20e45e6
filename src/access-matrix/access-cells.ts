import { compileDecodedPermissions, decodePermissions } from '../auth-engine/decoded-permissions.js';
import {
  type CompiledResource,
  decidePrivilege,
  type Privilege,
  type PrivilegeDecision,
  type Privileges,
} from '../auth-engine/privileges.js';
import { toText } from '../go-compat/utf8.js';
import { listedName } from '../model/shell-command.js';
import type { Permissions } from '../model/user.js';
import { describeEntry, describeUndecodable } from './access.js';
import { anyDatabase, compileDatabase, decideWrite, selectEndpoints } from './columns.js';

/** A privilege on a group of Kapacitor's endpoints. */
export interface EndpointCell {
  /** `/config`; `/write` for every database, `/write?db=NAME` for one. */
  readonly endpoint: string;
  readonly privilege: Privilege;
  /** The database of a write; undefined for every other endpoint, `""` for any database. */
  readonly database: string | undefined;
  readonly target: CompiledResource;
}

/** The cells of all endpoints: those of a group that need the same privilege are decided alike. */
export const endpointCells: readonly EndpointCell[] = [
  ...new Map(
    selectEndpoints({ endpoints: [], methods: [] }).map(({ endpoint: { group, needed }, target }) => {
      const isWrite = group === 'write';
      const cell: EndpointCell = {
        endpoint: `/${group}`,
        privilege: needed,
        database: isWrite ? '' : undefined,
        target: isWrite ? anyDatabase : target,
      };
      return [`${needed}:/${group}`, cell];
    }),
  ).values(),
];

/** The cell of writes to one database. */
export function databaseCell(database: string): EndpointCell {
  const endpoint = `/write?db=${encodeURIComponent(database.replace(/[\ud800-\udfff]/gu, '\ufffd'))}`;
  return { endpoint, privilege: 'write', database, target: compileDatabase(database) };
}

/** The privileges of a user record in Kapacitor; undefined if the user does not exist. */
export interface RecordAccess {
  /** As Kapacitor decodes them. */
  readonly permissions: Permissions;
  readonly privileges: Privileges;
  /** A permission for which Kapacitor rejects every login. */
  readonly unknown: string | undefined;
  /** The permissions that give a privilege by an entry, found once. */
  readonly givers: Map<string, readonly string[]>;
}

export function readRecord(record: Permissions): RecordAccess {
  const { permissions, unknown } = decodePermissions(record);
  return { permissions, privileges: compileDecodedPermissions(permissions), unknown: unknown[0], givers: new Map() };
}

function decideCell(privileges: Privileges, { database, target, privilege }: EndpointCell): PrivilegeDecision {
  return database === undefined ? decidePrivilege(privileges, target, privilege) : decideWrite(privileges, target);
}

export function allowsCell(access: RecordAccess | undefined, cell: EndpointCell): boolean {
  return access !== undefined && access.unknown === undefined && decideCell(access.privileges, cell).allowed;
}

const alone = new Map<string, RecordAccess>();

/** What one permission gives by itself. */
export function permissionAlone(scope: string, name: string): RecordAccess {
  if (scope !== '') return readRecord(new Map([[scope, [name]]]));
  let access = alone.get(name);
  if (access === undefined) alone.set(name, (access = readRecord(new Map([['', [name]]]))));
  return access;
}

/** The permissions of a record, each with its scope. */
export function* eachPermission(permissions: Permissions): Generator<readonly [scope: string, name: string]> {
  for (const [scope, names] of permissions) for (const name of names) yield [scope, name];
}

/** A permission with its scope; nothing in it is cut. */
function scopedName(scope: string, name: string): string {
  return scope === '' ? listedName(name) : `${listedName(name)} on ${listedName(scope)}`;
}

/** Where a permission of a record comes from, after its name; empty where it is the user's own. */
export type PermissionOrigin = (scope: string, name: string) => string;

const ownOnly: PermissionOrigin = () => '';

/** The permissions of a record that give a cell by the entry that decides it. */
function givers(
  access: RecordAccess,
  cell: EndpointCell,
  entry: string | undefined,
  from: PermissionOrigin,
): readonly string[] {
  const key = `${cell.privilege} ${entry}`;
  const known = access.givers.get(key);
  if (known !== undefined) return known;
  const found = new Set<string>();
  for (const [scope, name] of eachPermission(access.permissions)) {
    const decision = decideCell(permissionAlone(scope, name).privileges, cell);
    if (decision.allowed && decision.entry === entry) found.add(`${scopedName(scope, name)}${from(scope, name)}`);
  }
  const names = [...found].sort();
  access.givers.set(key, names);
  return names;
}

const maxGivers = 3;

function some(names: readonly string[]): string {
  const more = names.length > maxGivers ? ` and ${names.length - maxGivers} more` : '';
  return `${names.slice(0, maxGivers).join(', ')}${more}`;
}

/** What decides a cell: the entry and, where it is allowed, the permissions that made it. */
export function describeCell(access: RecordAccess, cell: EndpointCell, from: PermissionOrigin = ownOnly): string {
  if (access.unknown !== undefined) return describeUndecodable(access.unknown);
  const { rule, entry, mask, allowed } = decideCell(access.privileges, cell);
  if (rule === 'nothing-needed') return 'nothing needed';
  const why = describeEntry(entry === undefined ? undefined : toText(entry), mask);
  return allowed ? `${why} (${some(givers(access, cell, entry, from))})` : why;
}

/** What decides that a cell is lost, and the permissions that gave it. */
export function describeLoss(before: RecordAccess, after: RecordAccess, cell: EndpointCell): string {
  const { entry } = decideCell(before.privileges, cell);
  const was = some(givers(before, cell, entry, ownOnly));
  return was === '' || after.unknown !== undefined
    ? describeCell(after, cell)
    : `${describeCell(after, cell)} (was ${was})`;
}
