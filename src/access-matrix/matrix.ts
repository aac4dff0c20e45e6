import type { Privilege } from '../auth-engine/privileges.js';
import type { Permissions, RolesInUserRecords } from '../model/user.js';

/** The requested filters; empty lists and null filter nothing. */
export interface MatrixFilters {
  /** Globs of user names. */
  readonly users: readonly string[];
  /** Beginnings of paths. */
  readonly endpoints: readonly string[];
  readonly methods: readonly string[];
  readonly databases: readonly string[];
  readonly only: 'allowed' | 'denied' | null;
  readonly role: string | null;
}

/** A column: a method and path of Kapacitor. */
export interface MatrixEndpoint {
  readonly method: string;
  readonly path: string;
  readonly what: string;
  /** The first part of the path below /kapacitor/v1. */
  readonly group: string;
  readonly resource: string;
  readonly needed: Privilege;
}

/** Permissions that would turn a refusal into its opposite, granted to the user or taken from it. */
export interface PermissionFix {
  readonly action: 'grant' | 'revoke';
  readonly permissions: readonly string[];
  /** A database; `""` for all; undefined for that of the column, which is all in the column of other databases. */
  readonly scope: string | undefined;
}

/** Why a cell is as it is. */
export interface CellReason {
  readonly allowed: boolean;
  readonly rule: 'nothing-needed' | 'entry' | 'no-entry' | 'cannot-log-in';
  /** What decided, as text. */
  readonly why: string;
  /** The resource whose entry decided, and the privileges in its mask. */
  readonly entry: string | undefined;
  readonly mask: string | undefined;
  /** The user's own permissions that made this entry. */
  readonly permissions: readonly string[];
  /** Roles that would allow it, if the user record included their permissions. */
  readonly roles: readonly string[];
  readonly fixes: readonly PermissionFix[];
}

/** The cells of the users who have the same permissions; numbers are places in `reasons`. */
export interface MatrixRow {
  /** Their own permissions, of those that mean something to Kapacitor. */
  readonly permissions: Permissions;
  /** Permissions that Kapacitor does not know: it cannot log these users in. */
  readonly unknown: readonly string[];
  /** One for each endpoint. */
  readonly endpoints: readonly number[];
  readonly writes: {
    /** By place in `databases`, where it differs from the others. */
    readonly own: ReadonlyMap<number, number>;
    /** For every other database, named in the matrix or not. */
    readonly others: number;
  };
}

export interface MatrixUser {
  readonly name: string;
  readonly roles: readonly string[];
  /** Its place in `rows`. */
  readonly row: number;
}

/** Who may do what: users by endpoints, and by databases for writes. */
export interface Matrix {
  /** When the users were read, in ISO 8601. */
  readonly made: string;
  /** The queried meta nodes, or the state files. */
  readonly cluster: readonly string[];
  /** Whether this cluster copies role permissions into user records. */
  readonly rolesInUserRecords: RolesInUserRecords;
  readonly filters: MatrixFilters;
  readonly endpoints: readonly MatrixEndpoint[];
  /** Databases with a column for writes. */
  readonly databases: readonly string[];
  /** Whether a column is about writes to every other database. */
  readonly otherDatabases: boolean;
  readonly reasons: readonly CellReason[];
  readonly rows: readonly MatrixRow[];
  /** By name. */
  readonly users: readonly MatrixUser[];
  /** What a reader of any form of it has to know beside the cells. */
  readonly notes: readonly string[];
}

/** The columns, and the cells of each row. */
export type MatrixCells = Pick<Matrix, 'endpoints' | 'databases' | 'otherDatabases' | 'reasons' | 'rows'>;

export const noFilters: MatrixFilters = {
  users: [],
  endpoints: [],
  methods: [],
  databases: [],
  only: null,
  role: null,
};

/** Whether a string is a glob: `*` matches any characters, `?` one, all others themselves. */
export function matchesGlob(glob: string, text: string): boolean {
  const pattern = [...glob];
  const chars = [...text];
  let at = 0;
  let i = 0;
  let star = -1;
  let resume = 0;
  while (i < chars.length) {
    if (pattern[at] === '*') {
      star = at++;
      resume = i;
    } else if (pattern[at] === '?' || pattern[at] === chars[i]) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
