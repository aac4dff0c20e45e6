import { escapeText, listItem, showNames } from '../../model/text.js';
import { describeResource } from '../../access-matrix/decide-access.js';
import type { CellReason, Matrix, MatrixRow, PermissionFix } from '../../access-matrix/matrix.js';
import { commandLine, listedName, shellWord } from '../../model/shell-command.js';
import { type CellState, cellState, shortPath } from '../views/matrix-columns.js';

function describeDecision({ allowed, rule, why, entry, mask, permissions }: CellReason): string {
  switch (rule) {
    case 'cannot-log-in':
      return `${why}. Kapacitor rejects every login of a user that has an unknown permission.`;
    case 'nothing-needed':
      return 'This method needs no privilege: every user who can log in may use it.';
    case 'no-entry':
      return "None of the user's own permissions covers this resource or a parent of it.";
    case 'entry': {
      const place = describeResource(entry ?? '');
      if (allowed) return `${showNames(permissions)} ${permissions.length === 1 ? 'grants' : 'grant'} ${why}.`;
      const left = mask === 'none' ? ': KapacitorAPI excludes the configuration' : '';
      return `The user has ${why}${left}. What is above ${place} does not count.`;
    }
  }
}

/** Why a cell is as it is, in one or two sentences. */
function explainReason(reason: CellReason): string {
  const { roles } = reason;
  if (roles.length === 0) return describeDecision(reason);
  const named = `${roles.length === 1 ? 'The role' : 'Each of the roles'} ${showNames(roles)} would allow it`;
  return `${describeDecision(reason)} ${named}, but the user record does not include it.`;
}

/** The permissions of a row: `KapacitorAPI; WriteData on telegraf, metrics`. */
export function permissionsText({ permissions, unknown }: MatrixRow): string {
  const scopes = new Map<string, string[]>();
  for (const [scope, names] of permissions) {
    for (const name of names) scopes.set(name, [...(scopes.get(name) ?? []), scope]);
  }
  const parts = [...scopes].map(([name, where]) => {
    const named = where.filter((scope) => scope !== '');
    const everywhere = named.length < where.length;
    if (named.length === 0) return name;
    return everywhere ? `${name}, also on ${showNames(named, 20)}` : `${name} on ${showNames(named, 20)}`;
  });
  const odd = unknown.length === 0 ? [] : [`unknown: ${showNames(unknown)}`];
  return [...parts, ...odd].join('; ');
}

/**
 * A command with placeholders for user and database; empty if there is none; `dashed` for users whose names begin with
 * `-`.
 */
export interface CellCommand {
  readonly plain: string;
  readonly dashed: string;
  /** The same for the column of other databases, where it differs. */
  readonly everywhere?: Omit<CellCommand, 'everywhere'>;
}

/** The data of the report's script. Texts are escaped for display; equal values are stored once. */
export interface ReportData {
  readonly endpoints: readonly {
    readonly method: string;
    readonly path: string;
    readonly what: string;
    readonly group: string;
    readonly resource: string;
    readonly needed: string;
  }[];
  /** With the quoted name if that differs; null if there is none. */
  readonly databases: readonly (readonly [name: string, word?: string | null])[];
  readonly otherDatabases: boolean;
  readonly reasons: readonly {
    readonly state: CellState;
    readonly text: string;
    /** The privilege that decided, as text. */
    readonly decided: string;
    readonly permissions: readonly string[];
    readonly roles: readonly string[];
    readonly commands: readonly CellCommand[];
  }[];
  /** Cells of the endpoints, as places in `reasons`. */
  readonly vectors: readonly (readonly number[])[];
  readonly rows: readonly {
    readonly vector: number;
    readonly others: number;
    /** Database, reason, database, reason, ... */
    readonly own: readonly number[];
    readonly rights: string;
  }[];
  readonly roleSets: readonly (readonly string[])[];
  /** With the raw name and its quoted form (null: none), if these differ. */
  readonly users: readonly (readonly [
    shown: string,
    row: number,
    roleSet: number,
    name?: string,
    word?: string | null,
  ])[];
}

/** Placeholders for a user and a database in a command; the script replaces them with quoted words. */
const userMark = '\ue000';
const databaseMark = '\ue001';

/** A command with its marks; empty where a word of it has no form that every shell reads. */
function quoteWithMarks(words: readonly (string | object)[]): string {
  const quoted = words.map((word) => {
    if (word === userMark || word === databaseMark) return word;
    return typeof word === 'string' ? shellWord(word) : undefined;
  });
  return quoted.includes(undefined) ? '' : quoted.join(' ');
}

function commandOf({ action, permissions, scope }: PermissionFix): CellCommand {
  const words = (name: string, database: string): string => {
    const flags = [...(action === 'revoke' ? ['--force'] : []), ...(database === '' ? [] : ['--db', database])];
    const isDashed = name.startsWith('-');
    const line = commandLine(
      action === 'grant' ? 'kapadmin user grant' : 'kapadmin user revoke',
      [name, ...permissions],
      flags,
    );
    return quoteWithMarks(line.words.map((word) => (isDashed && word === name ? userMark : word)));
  };
  const both = (database: string) => ({
    plain: words(userMark, database),
    dashed: words(`-${userMark}`, database),
  });
  return scope === undefined ? { ...both(databaseMark), everywhere: both('') } : both(scope);
}

function reasonOf(reason: CellReason): ReportData['reasons'][number] {
  const { rule, why, permissions, roles, fixes } = reason;
  return {
    state: cellState(reason),
    text: explainReason(reason),
    decided: rule === 'cannot-log-in' ? '' : escapeText(why),
    permissions,
    roles: roles.map(escapeText),
    commands: fixes.map(commandOf),
  };
}

/** Gives equal lists one place. */
function createInterner<T>(): { readonly list: T[]; place(value: T): number } {
  const list: T[] = [];
  const places = new Map<string, number>();
  return {
    list,
    place(value) {
      const key = JSON.stringify(value);
      const known = places.get(key);
      if (known !== undefined) return known;
      places.set(key, list.length);
      return list.push(value) - 1;
    },
  };
}

function userOf(name: string, row: number, roleSet: number): ReportData['users'][number] {
  const [shown, word] = [escapeText(name), shellWord(name)];
  return shown === name && word === name ? [name, row, roleSet] : [shown, row, roleSet, name, word ?? null];
}

/** The matrix in the form that the report's script reads. */
export function reportData(matrix: Matrix): ReportData {
  const { endpoints, databases, otherDatabases, reasons, rows, users } = matrix;
  const vectors = createInterner<readonly number[]>();
  const roleSets = createInterner<readonly string[]>();
  const rowOf = (row: MatrixRow): ReportData['rows'][number] => ({
    vector: vectors.place(row.endpoints),
    others: row.writes.others,
    own: [...row.writes.own].flat(),
    rights: permissionsText(row),
  });
  return {
    endpoints: endpoints.map(({ path, ...endpoint }) => ({ ...endpoint, path: shortPath(path) })),
    databases: databases.map((name) => {
      const [shown, word] = [escapeText(name), shellWord(listItem(name))];
      return shown === word ? [shown] : [shown, word ?? null];
    }),
    otherDatabases,
    reasons: reasons.map(reasonOf),
    rows: rows.map(rowOf),
    users: users.map(({ name, roles, row }) =>
      userOf(name, row, roleSets.place(roles.map((role) => escapeText(listedName(role))))),
    ),
    vectors: vectors.list,
    roleSets: roleSets.list,
  };
}
