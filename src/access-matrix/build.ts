import { listUsers, type Role, type RolesInUserRecords, type User } from '../model/user.js';
import {
  anyDatabase,
  decideWrite,
  matchesGlob,
  type Matrix,
  type MatrixColumns,
  type MatrixFilters,
  type MatrixRow,
  type MatrixUser,
  selectColumns,
} from './matrix.js';
import {
  type AccessProfile,
  type CellQuestion,
  createAccessProfiles,
  createReasonTable,
  type ReasonTable,
} from './reasons.js';
import { type CompiledResource, decidePrivilege } from '../auth-engine/privileges.js';
import { pluralize, showNames } from '../model/text.js';
import { canCreateAdmin } from './decide-access.js';
import { roleSentence } from '../model/roles-in-user-records.js';

/** What the matrix is made of. */
export interface MatrixInput {
  readonly users: readonly User[];
  readonly roles: readonly Role[];
  /** In ISO 8601. */
  readonly made: string;
  readonly cluster: readonly string[];
  readonly rolesInUserRecords: RolesInUserRecords;
}

/**
 * Who may do what: each distinct set of permissions is decided once. Throws a usage error for an endpoint or method that no
 * column has.
 */
export function buildMatrix(found: MatrixInput, filters: MatrixFilters): Matrix {
  const { users, roles, made, cluster, rolesInUserRecords } = found;
  const columns = selectColumns(filters, users, roles);
  const { role, users: globs } = filters;
  const chosen = globs.length === 0 ? users : users.filter(({ name }) => globs.some((glob) => matchesGlob(glob, name)));
  const profileOf = createAccessProfiles(roles);
  const reasons = createReasonTable();
  const rowOf = createRowBuilder(columns, reasons);
  const rows: MatrixRow[] = [];
  const places = new Map<string, number>();

  const listed = listUsers(chosen, roles, { role: role ?? undefined }).map(({ user, roles: memberOf }): MatrixUser => {
    const profile = profileOf(user.permissions, memberOf);
    let row = places.get(profile.key);
    if (row === undefined) {
      row = rows.push(rowOf(profile)) - 1;
      places.set(profile.key, row);
    }
    return { name: user.name, roles: memberOf.map(({ name }) => name), row };
  });

  const matrix: Omit<Matrix, 'notes'> = {
    made,
    cluster,
    rolesInUserRecords,
    filters,
    endpoints: columns.endpoints.map(({ endpoint }) => endpoint),
    databases: columns.databases.map(({ name }) => name),
    otherDatabases: columns.otherDatabases,
    reasons: reasons.list,
    rows,
    users: listed,
  };
  const kept = filters.only === null ? matrix : keepCells(matrix, filters.only === 'allowed');
  return { ...kept, notes: matrixNotes(kept, users) };
}

const grantWriteData = { action: 'grant', permissions: ['WriteData'] } as const;

/** A write of points: let through by its endpoint, then by its database. */
function writeQuestion(target: CompiledResource, scope: string | undefined): CellQuestion {
  return { ask: (privileges) => decideWrite(privileges, target), fix: { ...grantWriteData, scope } };
}

/** Databases by the entry that a document can have for them; several names can share one. */
function databasesByEntry({ databases }: MatrixColumns): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [i, { target }] of databases.entries()) {
    const [entry] = target.entries;
    if (typeof entry === 'string') places.set(entry, [...(places.get(entry) ?? []), i]);
  }
  return places;
}

/** A function that decides every column for the users of one sight. */
function createRowBuilder(columns: MatrixColumns, reasons: ReasonTable): (profile: AccessProfile) => MatrixRow {
  const questions = columns.endpoints.map(({ target, endpoint }): CellQuestion => ({
    ask: (privileges) => decidePrivilege(privileges, target, endpoint.needed),
  }));
  const writes = columns.databases.map(({ target }) => writeQuestion(target, undefined));
  const others = writeQuestion(anyDatabase, undefined);
  const entries = databasesByEntry(columns);
  // No endpoint but those of databases depends on the database that a permission is for.
  const vectors = new Map<string, readonly number[]>();

  const endpointsOf = (profile: AccessProfile): readonly number[] => {
    const known = vectors.get(profile.namesKey);
    if (known !== undefined) return known;
    const made = questions.map((question) => reasons.of(question, profile));
    vectors.set(profile.namesKey, made);
    return made;
  };

  /** Only databases with an entry, or with one if a role counted, can differ from the others. */
  const ownWrites = (profile: AccessProfile, rest: number): ReadonlyMap<number, number> => {
    const own = new Map<number, number>();
    for (const { databases } of [profile.privileges, ...profile.roles.map(({ joined }) => joined)]) {
      for (const entry of databases?.keys() ?? []) {
        for (const i of entries.get(entry) ?? []) {
          const question = writes[i];
          if (question === undefined || own.has(i)) continue;
          const reason = reasons.of(question, profile);
          if (reason !== rest) own.set(i, reason);
        }
      }
    }
    return own;
  };

  return (profile) => {
    const unknown = profile.unknown.flatMap(({ permissions }) => permissions);
    if (unknown.length > 0) {
      const reason = reasons.cannotLogIn(profile);
      const writes = { own: new Map<number, number>(), others: reason };
      return {
        permissions: profile.own,
        unknown: [...new Set(unknown)],
        endpoints: questions.map(() => reason),
        writes,
      };
    }
    const rest = reasons.of(others, profile);
    return {
      permissions: profile.own,
      unknown,
      endpoints: endpointsOf(profile),
      writes: { own: ownWrites(profile, rest), others: rest },
    };
  };
}

/** New places for those that are kept, in their order. */
function renumber(kept: readonly boolean[]): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  for (const [i, keep] of kept.entries()) if (keep) places.set(i, places.size);
  return places;
}

/** Whether each database has a cell of that kind in any row, or a cell that differs from the row's other databases. */
function databasesWith(
  { databases, rows, otherDatabases }: Pick<Matrix, 'databases' | 'rows' | 'otherDatabases'>,
  isKept: (reason: number) => boolean,
): boolean[] {
  const counts = databases.map(() => 0);
  const kept = databases.map(() => false);
  let byRest = 0;
  for (const { writes } of rows) {
    const rest = isKept(writes.others) ? 1 : 0;
    byRest += rest;
    for (const [i, reason] of writes.own) {
      const own = isKept(reason) ? 1 : 0;
      counts[i] = (counts[i] ?? 0) + own - rest;
      if (otherDatabases && own !== rest) kept[i] = true;
    }
  }
  return kept.map((keep, i) => keep || (counts[i] ?? 0) + byRest > 0);
}

/** The matrix without the users, endpoints and databases that have no cell of one kind: allowed, or denied. */
function keepCells(matrix: Omit<Matrix, 'notes'>, allowed: boolean): Omit<Matrix, 'notes'> {
  const { endpoints, databases, otherDatabases, reasons, rows, users } = matrix;
  const isKept = (reason: number): boolean => reasons[reason]?.allowed === allowed;
  const hasOne = ({ endpoints, writes }: MatrixRow): boolean =>
    endpoints.some(isKept) ||
    [...writes.own.values()].some(isKept) ||
    ((otherDatabases || writes.own.size < databases.length) && isKept(writes.others));
  const keptRows = renumber(rows.map(hasOne));
  const left = rows.filter((_, i) => keptRows.has(i));
  const keptEndpoints = endpoints.map((_, i) => left.some((row) => isKept(row.endpoints[i] ?? -1)));
  const others = otherDatabases && left.some(({ writes }) => isKept(writes.others));
  const keptDatabases = databasesWith({ databases, rows: left, otherDatabases: others }, isKept);
  const places = renumber(keptDatabases);
  return {
    ...matrix,
    endpoints: endpoints.filter((_, i) => keptEndpoints[i]),
    databases: databases.filter((_, i) => keptDatabases[i]),
    otherDatabases: others,
    rows: left.map((row) => ({
      ...row,
      endpoints: row.endpoints.filter((_, i) => keptEndpoints[i]),
      writes: {
        own: new Map(
          [...row.writes.own].flatMap(([i, reason]) => {
            const place = places.get(i);
            return place === undefined ? [] : [[place, reason] as const];
          }),
        ),
        others: row.writes.others,
      },
    })),
    users: users.flatMap((user) => {
      const row = keptRows.get(user.row);
      return row === undefined ? [] : [{ ...user, row }];
    }),
  };
}

/** The note on who can create an administrator: all of them, also those that the filters hide. */
function adminCreatorsNote(all: readonly User[], shownUsers: ReadonlySet<string>): readonly string[] {
  const names = all
    .filter(canCreateAdmin)
    .map(({ name }) => name)
    .sort();
  if (names.length === 0) return [];
  const hidden = names.filter((name) => !shownUsers.has(name)).length;
  const rest = hidden === 0 ? '' : ` The filters hide ${hidden} of them.`;
  return [
    `${pluralize(names.length, 'user')} with KapacitorAPI can create a Kapacitor administrator, who may also use /config ` +
      `(POST /kapacitor/v1/users): ${showNames(names)}.${rest}`,
  ];
}

/**
 * What a reader of any form of the matrix has to know beside its cells.
 * @param all the users of the cluster, whatever the filters hide
 */
export function matrixNotes(matrix: Omit<Matrix, 'notes'>, all: readonly User[]): readonly string[] {
  const notes: string[] = [];
  if (matrix.otherDatabases || matrix.databases.length > 0) {
    notes.push('Kapacitor rejects a write without ?db=NAME (400). "write NAME" is a write to database NAME.');
  }
  if (matrix.users.some(({ roles }) => roles.length > 0)) notes.push(roleSentence(matrix.rolesInUserRecords));
  return [...notes, ...adminCreatorsNote(all, new Set(matrix.users.map(({ name }) => name)))];
}
