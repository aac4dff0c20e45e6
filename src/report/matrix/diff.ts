import { usageError } from '../../errors.js';
import { toBinary } from '../../go-compat/utf8.js';
import { databaseResource } from '../../kapacitor/privileges.js';
import { matchesGlob } from './glob.js';
import type { Matrix, MatrixEndpoint, MatrixFilters, MatrixRow, MatrixUser, Reason } from './matrix.js';

/** What of a matrix is compared: what one that was saved holds. */
export interface Answers extends Pick<Matrix, 'made' | 'cluster' | 'filters' | 'databases' | 'otherDatabases'> {
  readonly endpoints: readonly Pick<MatrixEndpoint, 'method' | 'path'>[];
  readonly reasons: readonly Pick<Reason, 'allowed' | 'why'>[];
  readonly rows: readonly Pick<MatrixRow, 'endpoints' | 'writes'>[];
  readonly users: readonly MatrixUser[];
}

/** A cell that is not as it was. */
export interface CellChange {
  readonly method: string;
  readonly path: string;
  /** The database of a write; `""` stands for every other one; undefined for an endpoint as such. */
  readonly database: string | undefined;
  /** Why, before and now; undefined where the user was not there, or is not any more. */
  readonly before: string | undefined;
  readonly now: string | undefined;
}

export interface UserChange {
  readonly user: string;
  readonly state: 'new' | 'gone' | 'changed';
  readonly gained: readonly CellChange[];
  readonly lost: readonly CellChange[];
}

/** Who gained and who lost what between two matrices. */
export interface MatrixDiff {
  readonly before: Pick<Matrix, 'made' | 'cluster'>;
  readonly now: Pick<Matrix, 'made' | 'cluster'>;
  /** The endpoints that were compared. */
  readonly endpoints: readonly MatrixEndpoint[];
  /** By name of the user; only those for whom something changed. */
  readonly changes: readonly UserChange[];
  /** Columns that only one of both has: they could not be compared. */
  readonly notCompared: readonly string[];
}

/** A column of both, with where each has its answer. */
interface Shared {
  readonly column: Pick<CellChange, 'method' | 'path' | 'database'>;
  readonly before: (row: Answers['rows'][number]) => number | undefined;
  readonly now: (row: Answers['rows'][number]) => number | undefined;
}

function endpointsOf(before: Answers, now: Answers, alone: string[]): Shared[] {
  const keyOf = ({ method, path }: { method: string; path: string }): string => `${method} ${path}`;
  const places = new Map(before.endpoints.map((endpoint, i) => [keyOf(endpoint), i]));
  const shared: Shared[] = [];
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
 * A function that finds the answer for a database, undefined where this matrix has none for it. Names that Kapacitor
 * takes for one database have one answer.
 */
function writesOf({ databases, otherDatabases }: Answers) {
  const keyOf = (name: string): string => databaseResource(toBinary(name));
  const places = new Map(databases.map((name, i) => [keyOf(name), i]));
  return (name: string): Shared['now'] | undefined => {
    const place = places.get(keyOf(name));
    if (place === undefined) return otherDatabases ? (row) => row.writes.others : undefined;
    return (row) => row.writes.own.get(place) ?? row.writes.others;
  };
}

function databasesOf(before: Answers, now: Answers, alone: string[]): Shared[] {
  const [was, is] = [writesOf(before), writesOf(now)];
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

type Cells = Pick<UserChange, 'gained' | 'lost'>;

/** Throws a usage error unless the old one has an answer for every user and column that is asked for now. */
function checkFilters(before: MatrixFilters, now: MatrixFilters): void {
  const { only, role, ...lists } = before;
  if (only !== null || role !== null) {
    const flag = only === null ? '--role' : '--only';
    const hint = 'Save the matrix to compare with as -o json without it.';
    throw usageError(
      'narrow-matrix',
      `the old matrix was made with ${flag}: it leaves out what may have changed`,
      hint,
    );
  }
  const { only: _, role: __, ...asked } = now;
  if (Object.values(lists).every((list) => list.length === 0) || JSON.stringify(lists) === JSON.stringify(asked))
    return;
  const hint = 'Give the same ones, or compare with a matrix that was made without any.';
  throw usageError('other-filters', 'the old matrix was made with other filters than these', hint);
}

/**
 * Compares two matrices, cell by cell; the filters of the later one count for both, that of a role for its members now.
 * Users with the same rights before and now are compared once. Throws a usage error where the earlier one was made with
 * other filters.
 */
export function diffMatrices(before: Answers, now: Matrix): MatrixDiff {
  checkFilters(before.filters, now.filters);
  const notCompared: string[] = [];
  const shared = [...endpointsOf(before, now, notCompared), ...databasesOf(before, now, notCompared)];
  const compared = new Map<string, Cells>();

  const compare = (old: number | undefined, present: number | undefined): Cells => {
    const key = `${old} ${present}`;
    const known = compared.get(key);
    if (known !== undefined) return known;
    const [was, is] = [before.rows[old ?? -1], now.rows[present ?? -1]];
    const cells: { gained: CellChange[]; lost: CellChange[] } = { gained: [], lost: [] };
    for (const { column, ...at } of shared) {
      const [then, present] = [was && before.reasons[at.before(was) ?? -1], is && now.reasons[at.now(is) ?? -1]];
      const [had, has] = [then?.allowed ?? false, present?.allowed ?? false];
      if (had !== has) cells[has ? 'gained' : 'lost'].push({ ...column, before: then?.why, now: present?.why });
    }
    compared.set(key, cells);
    return cells;
  };

  const old = new Map(before.users.map((user) => [user.name, user.row]));
  const changes = now.users.map(({ name, row }): UserChange => {
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
