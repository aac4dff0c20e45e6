import { usageError } from '../errors.js';
import { toBinary } from '../go-compat/utf8.js';
import { databaseResource } from '../auth-engine/privileges.js';
import {
  matchesGlob,
  type Matrix,
  type MatrixEndpoint,
  type MatrixFilters,
  type MatrixRow,
  type MatrixUser,
  type CellReason,
} from './matrix.js';

/** What of a matrix is compared: what one that was saved holds. */
export interface SavedMatrix extends Pick<Matrix, 'made' | 'cluster' | 'filters' | 'databases' | 'otherDatabases'> {
  readonly endpoints: readonly Pick<MatrixEndpoint, 'method' | 'path'>[];
  readonly reasons: readonly SavedReason[];
  readonly rows: readonly Pick<MatrixRow, 'endpoints' | 'writes'>[];
  readonly users: readonly MatrixUser[];
}

type SavedReason = Pick<CellReason, 'allowed' | 'why' | 'permissions'>;

/** Why a cell is as it is, after the permissions that it comes from. */
function describeReason({ allowed, why, permissions }: SavedReason): string {
  return allowed && permissions.length > 0 ? `${permissions.join(', ')}: ${why}` : why;
}

/** A cell that is not as it was. */
export interface MatrixCellChange {
  readonly method: string;
  readonly path: string;
  /** The database of a write; `""` means every other database; undefined for other endpoints. */
  readonly database: string | undefined;
  /** Why, before and now; undefined where the user was not there, or is not any more. */
  readonly before: string | undefined;
  readonly now: string | undefined;
}

export interface MatrixUserChange {
  readonly user: string;
  readonly state: 'new' | 'gone' | 'changed';
  readonly gained: readonly MatrixCellChange[];
  readonly lost: readonly MatrixCellChange[];
}

/** Who gained and who lost what between two matrices. */
export interface MatrixDiff {
  readonly before: Pick<Matrix, 'made' | 'cluster'>;
  readonly now: Pick<Matrix, 'made' | 'cluster'>;
  /** The endpoints that were compared. */
  readonly endpoints: readonly MatrixEndpoint[];
  /** By name of the user; only those for whom something changed. */
  readonly changes: readonly MatrixUserChange[];
  /** Columns that only one of both has: they could not be compared. */
  readonly notCompared: readonly string[];
}

/** A column of both matrices, with its position in each. */
interface SharedColumn {
  readonly column: Pick<MatrixCellChange, 'method' | 'path' | 'database'>;
  readonly before: (row: SavedMatrix['rows'][number]) => number | undefined;
  readonly now: (row: SavedMatrix['rows'][number]) => number | undefined;
}

function sharedEndpoints(before: SavedMatrix, now: SavedMatrix, alone: string[]): SharedColumn[] {
  const keyOf = ({ method, path }: { method: string; path: string }): string => `${method} ${path}`;
  const places = new Map(before.endpoints.map((endpoint, i) => [keyOf(endpoint), i]));
  const shared: SharedColumn[] = [];
  for (const [i, { method, path }] of now.endpoints.entries()) {
    const place = places.get(keyOf({ method, path }));
    if (place === undefined) alone.push(keyOf({ method, path }));
    else {
      const column = { method, path, database: undefined };
      shared.push({ column, before: (row) => row.endpoints[place], now: (row) => row.endpoints[i] });
    }
    places.delete(keyOf({ method, path }));
  }
  const narrowed = now.filters.endpoints.length > 0 || now.filters.methods.length > 0;
  if (!narrowed) alone.push(...places.keys());
  return shared;
}

/**
 * A function that finds the cell for a database; undefined if this matrix has none. Names that Kapacitor treats as one
 * database have one cell.
 */
function createWriteLookup({ databases, otherDatabases }: SavedMatrix) {
  const keyOf = (name: string): string => databaseResource(toBinary(name));
  const places = new Map(databases.map((name, i) => [keyOf(name), i]));
  return (name: string): SharedColumn['now'] | undefined => {
    const place = places.get(keyOf(name));
    if (place === undefined) return otherDatabases ? (row) => row.writes.others : undefined;
    return (row) => row.writes.own.get(place) ?? row.writes.others;
  };
}

function sharedDatabases(before: SavedMatrix, now: SavedMatrix, alone: string[]): SharedColumn[] {
  const [was, is] = [createWriteLookup(before), createWriteLookup(now)];
  const named = now.filters.databases.length > 0 || !now.otherDatabases;
  const names = new Set([...now.databases, ...(named ? [] : before.databases), ...(now.otherDatabases ? [''] : [])]);
  return [...names].sort().flatMap((database) => {
    const [one, other] = [was(database), is(database)];
    const column = { method: 'POST', path: '/kapacitor/v1/write', database };
    if (one !== undefined && other !== undefined) return [{ column, before: one, now: other }];
    alone.push(database === '' ? 'writes to other databases' : `writes to ${database}`);
    return [];
  });
}

type CellChanges = Pick<MatrixUserChange, 'gained' | 'lost'>;

/** Throws a usage error unless the old matrix has a cell for every requested user and column. */
function checkFilters(before: MatrixFilters, now: MatrixFilters): void {
  const { only, role, ...lists } = before;
  if (only !== null || role !== null) {
    const flag = only === null ? '--role' : '--only';
    const hint = 'Save the old matrix with -o json and without this flag.';
    throw usageError(
      'narrow-matrix',
      `the old matrix was made with ${flag}, which leaves out what may have changed`,
      hint,
    );
  }
  const { only: _, role: __, ...filters } = now;
  if (Object.values(lists).every((list) => list.length === 0) || JSON.stringify(lists) === JSON.stringify(filters))
    return;
  const hint = 'Use the same filters, or compare with a matrix made without any.';
  throw usageError('other-filters', 'the old matrix was made with different filters', hint);
}

/**
 * Compares two matrices, cell by cell; the filters of the later one count for both, that of a role for its members now.
 * Users with the same permissions before and now are compared once. Throws a usage error where the earlier one was made with
 * other filters.
 */
export function diffMatrices(before: SavedMatrix, now: Matrix): MatrixDiff {
  checkFilters(before.filters, now.filters);
  const notCompared: string[] = [];
  const shared = [...sharedEndpoints(before, now, notCompared), ...sharedDatabases(before, now, notCompared)];
  const compared = new Map<string, CellChanges>();

  const compare = (old: number | undefined, present: number | undefined): CellChanges => {
    const key = `${old} ${present}`;
    const known = compared.get(key);
    if (known !== undefined) return known;
    const [was, is] = [before.rows[old ?? -1], now.rows[present ?? -1]];
    const cells: { gained: MatrixCellChange[]; lost: MatrixCellChange[] } = { gained: [], lost: [] };
    for (const { column, ...at } of shared) {
      const [then, present] = [was && before.reasons[at.before(was) ?? -1], is && now.reasons[at.now(is) ?? -1]];
      const [had, has] = [then?.allowed ?? false, present?.allowed ?? false];
      if (had === has) continue;
      const why = { before: then && describeReason(then), now: present && describeReason(present) };
      cells[has ? 'gained' : 'lost'].push({ ...column, ...why });
    }
    compared.set(key, cells);
    return cells;
  };

  const old = new Map(before.users.map((user) => [user.name, user.row]));
  const changes = now.users.map(({ name, row }): MatrixUserChange => {
    const was = old.get(name);
    old.delete(name);
    return { user: name, state: was === undefined ? 'new' : 'changed', ...compare(was, row) };
  });
  const { users: globs, role } = now.filters;
  for (const [name, row] of role === null ? old : []) {
    const asked = globs.length === 0 || globs.some((glob) => matchesGlob(glob, name));
    if (asked) changes.push({ user: name, state: 'gone', ...compare(row, undefined) });
  }
  return {
    before: { made: before.made, cluster: before.cluster },
    now: { made: now.made, cluster: now.cluster },
    endpoints: now.endpoints.filter(({ method, path }) => !notCompared.includes(`${method} ${path}`)),
    changes: changes
      .filter(({ gained, lost }) => gained.length + lost.length > 0)
      .sort((a, b) => (a.user < b.user ? -1 : a.user > b.user ? 1 : 0)),
    notCompared,
  };
}

/** What is wrong with a file, and where in it. */
class ShapeError extends Error {}

/** A value of the file with the way to it. */
class JsonNode {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path: string) {
    this.value = value;
    this.path = path;
  }

  private wrong(expected: string): ShapeError {
    return new ShapeError(`${this.path === '' ? 'it' : this.path} is not ${expected}`);
  }

  at(key: string): JsonNode {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value))
      throw this.wrong('an object');
    const path = this.path === '' ? key : `${this.path}.${key}`;
    return new JsonNode(
      Object.hasOwn(this.value, key) ? (this.value as Record<string, unknown>)[key] : undefined,
      path,
    );
  }

  list<T>(read: (item: JsonNode) => T): T[] {
    if (!Array.isArray(this.value)) throw this.wrong('a list');
    return this.value.map((item: unknown, i) => read(new JsonNode(item, `${this.path}[${i}]`)));
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.wrong('a string');
    return this.value;
  }

  truth(): boolean {
    if (typeof this.value !== 'boolean') throw this.wrong('a boolean');
    return this.value;
  }

  /** A list of this length. */
  listOf<T>(length: number, read: (item: JsonNode) => T): T[] {
    const items = this.list(read);
    if (items.length !== length) throw this.wrong(`a list of ${length}`);
    return items;
  }

  /** A place in a list of this length. */
  index(length: number): number {
    const { value } = this;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < length) return value;
    throw this.wrong(`a number below ${length}`);
  }

  orNull<T>(read: (place: JsonNode) => T): T | null {
    return this.value === null ? null : read(this);
  }
}

const texts = (place: JsonNode): string[] => place.list((item) => item.text());

function parseFilters(place: JsonNode): MatrixFilters {
  const only = place.at('only').orNull((one) => one.text());
  return {
    users: texts(place.at('users')),
    endpoints: texts(place.at('endpoints')),
    methods: texts(place.at('methods')),
    databases: texts(place.at('databases')),
    only: only === 'denied' || only === null ? only : 'allowed',
    role: place.at('role').orNull((one) => one.text()),
  };
}

function parseMatrix(file: JsonNode): SavedMatrix {
  const databases = texts(file.at('databases'));
  const reasons = file.at('reasons').list((reason) => ({
    allowed: reason.at('allowed').truth(),
    why: reason.at('why').text(),
    permissions: texts(reason.at('permissions')),
  }));
  const endpoints = file
    .at('endpoints')
    .list((endpoint) => ({ method: endpoint.at('method').text(), path: endpoint.at('path').text() }));
  const reason = (place: JsonNode): number => place.index(reasons.length);
  const rows = file.at('rows').list((row) => ({
    endpoints: row.at('endpoints').listOf(endpoints.length, reason),
    writes: {
      others: reason(row.at('writes').at('others')),
      own: new Map(
        row
          .at('writes')
          .at('own')
          .list((own) => [own.at('database').index(databases.length), reason(own.at('reason'))] as const),
      ),
    },
  }));
  return {
    made: file.at('made').text(),
    cluster: texts(file.at('cluster')),
    filters: parseFilters(file.at('filters')),
    otherDatabases: file.at('otherDatabases').truth(),
    databases,
    reasons,
    endpoints,
    rows,
    users: file.at('users').list((user) => ({
      name: user.at('name').text(),
      roles: texts(user.at('roles')),
      row: user.at('row').index(rows.length),
    })),
  };
}

/**
 * Reads the comparable part of a matrix that was saved as JSON. Throws a usage error that names the file and the
 * problem.
 */
export function readMatrix(text: string, file: string): SavedMatrix {
  const fault = (what: string): Error => {
    const hint = 'Use the output of kapadmin auth matrix -o json.';
    return usageError('not-a-matrix', `${file} is not an access matrix: ${what}`, hint);
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fault('it is not JSON');
  }
  try {
    const place = new JsonNode(value, '');
    const version = place.at('version').value;
    if (version !== 1) throw new ShapeError(version === undefined ? 'it has no version' : 'its version is not 1');
    return parseMatrix(place);
  } catch (error) {
    throw error instanceof ShapeError ? fault(error.message) : error;
  }
}
