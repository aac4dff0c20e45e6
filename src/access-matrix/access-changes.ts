import type { CurrentState } from '../desired-state/desired-state.js';
import type { Change } from '../mutations/change.js';
import { holdsPermission, isKapacitorPermission, type Permissions } from '../model/permissions.js';
import { hasPermission } from '../desired-state/diff.js';
import { listedName } from '../model/shell-command.js';
import type { Role, RolesInUserRecords } from '../model/user.js';
import {
  allowsCell,
  changedSubjects,
  databaseCell,
  describeCell,
  describeLoss,
  eachPermission,
  type EndpointCell,
  endpointCells,
  grantChanges,
  joinPermissions,
  mergePermissions,
  noPermissions,
  permissionAlone,
  type PermissionOrigin,
  readRecord,
  type RecordAccess,
  recordsAfter,
  type Subject,
  subjectKey,
} from './user-record-access.js';

/** A privilege on Kapacitor's endpoints, or an InfluxDB permission on a database. */
export type AccessItem =
  { readonly endpoint: string; readonly privilege: string } | { readonly database: string; readonly privilege: string };

/**
 * What becomes of access: `unknown` where it depends on whether the cluster copies role permissions into user records,
 * `unchanged` where permissions or roles change and what they give does not.
 */
export type AccessOutcome = 'gained' | 'lost' | 'unknown' | 'unchanged';

/** Items of access that have the same outcome for the same reason, and the users for whom they have it. */
export interface AccessChange {
  readonly outcome: AccessOutcome;
  /** By name. */
  readonly users: readonly string[];
  /** Whether these users are created or deleted. */
  readonly userStatus: 'created' | 'deleted' | 'kept';
  readonly items: readonly AccessItem[];
  /** Whether they have it now. */
  readonly allowed: boolean;
  /** The rule or permission that decides. */
  readonly by: string;
}

export interface AccessChanges {
  /** By the name of their first user, then by outcome. */
  readonly changes: readonly AccessChange[];
  /** Whether the cluster copies role permissions into user records. */
  readonly rolesInUserRecords: RolesInUserRecords;
}

/** In the order in which they are shown. */
const outcomes: readonly AccessOutcome[] = ['gained', 'lost', 'unknown', 'unchanged'];

/** What becomes of something that is held or not, now and in each state that may follow. */
function outcomeOf(now: boolean, after: readonly boolean[]): Exclude<AccessOutcome, 'unchanged'> | undefined {
  const [first = now] = after;
  if (after.some((one) => one !== first)) return 'unknown';
  if (first === now) return undefined;
  return now ? 'lost' : 'gained';
}

type Found = Omit<AccessChange, 'users' | 'userStatus' | 'items'>;

/** Collects items by what became of them and why; an item is told once. */
class Findings {
  readonly #groups = new Map<string, { readonly found: Found; readonly items: AccessItem[] }>();
  readonly #told = new Set<string>();

  add(item: AccessItem, found: Found): void {
    const name = 'endpoint' in item ? `e${item.endpoint}` : `d${item.database}`;
    const id = `${item.privilege}:${name}`;
    if (this.#told.has(id)) return;
    this.#told.add(id);
    const key = `${found.outcome} ${found.allowed} ${found.by}`;
    const group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, { found, items: [item] });
    else group.items.push(item);
  }

  list(): readonly (Found & Pick<AccessChange, 'items'>)[] {
    return [...this.#groups.values()]
      .map(({ found, items }) => ({ ...found, items }))
      .sort((a, b) => outcomes.indexOf(a.outcome) - outcomes.indexOf(b.outcome));
  }
}

function roleNames(roles: readonly Role[]): string {
  return [...new Set(roles.map(({ name }) => `role ${listedName(name)}`))].join(', ');
}

/** The roles, before or after, whose permissions give something. */
function rolesThat({ rolesBefore, rolesAfter }: Subject, gives: (permissions: Permissions) => boolean): string {
  return roleNames([...rolesBefore, ...rolesAfter].filter(({ permissions }) => gives(permissions)));
}

const roleAccess = new WeakMap<Permissions, RecordAccess>();

/** What the permissions of a role would give by themselves, read once. */
function readRole(permissions: Permissions): RecordAccess {
  const access = roleAccess.get(permissions) ?? readRecord(permissions);
  roleAccess.set(permissions, access);
  return access;
}

/** Kapacitor's endpoints: it reads only the user record. */
function addEndpoints(subject: Subject, records: readonly (Permissions | undefined)[], findings: Findings): void {
  const now = subject.before === undefined ? undefined : readRecord(subject.before);
  const after = records.map((record) => (record === undefined ? undefined : readRecord(record)));
  const [next] = after;
  const known = new Map<EndpointCell, ReturnType<typeof outcomeOf>>();
  const outcomeFor = (cell: EndpointCell): ReturnType<typeof outcomeOf> => {
    if (known.has(cell)) return known.get(cell);
    const allowed = after.map((access) => allowsCell(access, cell));
    const outcome = outcomeOf(allowsCell(now, cell), allowed);
    known.set(cell, outcome);
    return outcome;
  };

  const from: PermissionOrigin = (scope, name) => {
    if (hasPermission(subject.edited, scope, name)) return '';
    const roles = subject.rolesAfter.filter(({ permissions }) => hasPermission(permissions, scope, name));
    return roles.length === 0 ? '' : ` by ${roleNames(roles)}`;
  };
  const by = (cell: EndpointCell, outcome: AccessOutcome | undefined): string => {
    if (outcome === 'unknown') {
      return rolesThat(subject, (permissions) => allowsCell(readRole(permissions), cell)) || 'roles';
    }
    if (next === undefined) return 'user deleted';
    return outcome === 'lost' && now !== undefined ? describeLoss(now, next, cell) : describeCell(next, cell, from);
  };
  const add = (cell: EndpointCell, outcome: AccessOutcome, why = by(cell, outcome)): void => {
    const { endpoint, privilege } = cell;
    findings.add({ endpoint, privilege }, { outcome, allowed: allowsCell(now, cell), by: why });
  };

  const named = new Set<string>();
  for (const permissions of [subject.before, ...records]) {
    for (const scope of permissions?.keys() ?? []) if (scope !== '') named.add(scope);
  }
  const databases = [...named].sort().map(databaseCell);
  let others: AccessOutcome | undefined;
  for (const cell of endpointCells) {
    const outcome = outcomeFor(cell);
    if (cell.database !== undefined) others = outcome;
    if (outcome !== undefined) add(cell, outcome);
  }
  // What becomes of /write holds for each database that is not told by itself.
  for (const cell of databases) {
    const outcome = outcomeFor(cell);
    if (outcome !== undefined && outcome !== others) add(cell, outcome);
    else if (outcome === undefined && others !== undefined && allowsCell(next, cell) !== (others === 'gained')) {
      add(cell, 'unchanged');
    }
  }

  if (next === undefined) return;
  for (const { role, scope, name } of grantChanges(subject)) {
    // ReadData gives nothing but ping.
    if (name !== 'WriteData' && !isKapacitorPermission(name)) continue;
    const alone = permissionAlone(scope, name);
    const cells = [...endpointCells, ...databases].filter(
      (cell) => cell.privilege !== 'none' && cell.endpoint !== '/ping' && allowsCell(alone, cell),
    );
    if (cells.some((cell) => outcomeFor(cell) !== undefined)) continue;
    for (const cell of cells) {
      const isHidden = role !== undefined && !allowsCell(next, cell) && next.unknown === undefined;
      add(cell, 'unchanged', isHidden ? `role ${listedName(role)}, not in the user record` : undefined);
    }
  }
}

/** Permissions that give something in InfluxDB. */
function countsInInfluxdb(name: string): boolean {
  return name !== 'NoPermissions' && !isKapacitorPermission(name);
}

function holds(permissions: Permissions | undefined, scope: string, name: string): boolean {
  return permissions !== undefined && holdsPermission(permissions, name, scope);
}

/** Where a user has a permission from. */
function origin(
  record: Permissions,
  roles: readonly Role[],
  granted: Permissions,
  rolesInUserRecords: RolesInUserRecords,
  scope: string,
  name: string,
): string {
  const from = (where: string): string => {
    const giving = roles.filter(({ permissions }) => hasPermission(permissions, where, name));
    const isOwn =
      hasPermission(record, where, name) &&
      (rolesInUserRecords === 'no' || giving.length === 0 || hasPermission(granted, where, name));
    const sources = [...(isOwn ? ['direct'] : []), ...giving.map((role) => `role ${listedName(role.name)}`)];
    const text = sources.join(', ');
    return text === '' || where === scope ? text : `${text} on all databases`;
  };
  return [...new Set([scope, ''])].map(from).filter(Boolean).join(', ');
}

/** InfluxDB's databases: a permission counts whether the user or a role of it has it. */
function addDatabases(
  subject: Subject,
  records: readonly (Permissions | undefined)[],
  rolesInUserRecords: RolesInUserRecords,
  findings: Findings,
): void {
  const { before, edited, granted, rolesBefore, rolesAfter } = subject;
  const [gave, give] = [mergePermissions(rolesBefore), mergePermissions(rolesAfter)];
  const now = before === undefined ? undefined : joinPermissions(before, gave);
  const after = records.map((record) => (record === undefined ? undefined : joinPermissions(record, give)));
  const scopesOf = new Map<string, Set<string>>();
  for (const permissions of [now, ...after]) {
    for (const [scope, name] of eachPermission(permissions ?? noPermissions)) {
      if (!countsInInfluxdb(name)) continue;
      const scopes = scopesOf.get(name) ?? new Set(['']);
      scopesOf.set(name, scopes.add(scope));
    }
  }
  const outcomeFor = (scope: string, name: string) =>
    outcomeOf(
      holds(now, scope, name),
      after.map((permissions) => holds(permissions, scope, name)),
    );
  const by = (outcome: AccessOutcome, scope: string, name: string): string => {
    if (outcome === 'unknown') return rolesThat(subject, (permissions) => holds(permissions, scope, name)) || 'roles';
    if (edited === undefined) return 'user deleted';
    if (outcome !== 'lost') return origin(edited, rolesAfter, granted, rolesInUserRecords, scope, name);
    return `was ${origin(before ?? noPermissions, rolesBefore, noPermissions, rolesInUserRecords, scope, name)}`;
  };
  const add = (scope: string, name: string, outcome: AccessOutcome): void => {
    const found = { outcome, allowed: holds(now, scope, name), by: by(outcome, scope, name) };
    findings.add({ database: scope, privilege: name }, found);
  };
  for (const name of [...scopesOf.keys()].sort()) {
    const everywhere = outcomeFor('', name);
    if (everywhere !== undefined) add('', name, everywhere);
    for (const scope of [...(scopesOf.get(name) ?? [])].sort()) {
      const outcome = outcomeFor(scope, name);
      if (outcome !== undefined && outcome !== everywhere) add(scope, name, outcome);
      else if (outcome === undefined && everywhere !== undefined && everywhere !== 'gained') {
        add(scope, name, 'unchanged');
      }
    }
  }
  if (edited === undefined) return;
  for (const { scope, name } of grantChanges(subject)) {
    if (countsInInfluxdb(name) && outcomeFor(scope, name) === undefined) add(scope, name, 'unchanged');
  }
}

/** What becomes of a subject's access, each with a key for what is the same of other subjects. */
function changesOf(subject: Subject, rolesInUserRecords: RolesInUserRecords) {
  const records = recordsAfter(subject, rolesInUserRecords);
  const findings = new Findings();
  addEndpoints(subject, records, findings);
  addDatabases(subject, records, rolesInUserRecords, findings);
  const userStatus: AccessChange['userStatus'] =
    subject.before === undefined ? 'created' : subject.edited === undefined ? 'deleted' : 'kept';
  return findings
    .list()
    .map((found) => ({ change: { ...found, userStatus }, key: JSON.stringify([userStatus, found]) }));
}

/**
 * Who gains and who loses what if every change succeeds: Kapacitor's endpoints, and InfluxDB permissions by database.
 * @param rolesInUserRecords whether the cluster copies role permissions into user records
 */
export function accessChanges(
  before: CurrentState,
  changes: readonly Change[],
  rolesInUserRecords: RolesInUserRecords,
): AccessChanges {
  const known = new Map<string, ReturnType<typeof changesOf>>();
  const groups = new Map<string, AccessChange & { readonly users: string[] }>();

  for (const [name, subject] of changedSubjects(before, changes)) {
    const subjects = subjectKey(subject);
    let found = known.get(subjects);
    if (found === undefined) known.set(subjects, (found = changesOf(subject, rolesInUserRecords)));
    for (const { change, key } of found) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { ...change, users: [name] });
      else group.users.push(name);
    }
  }
  return { changes: [...groups.values()], rolesInUserRecords };
}
