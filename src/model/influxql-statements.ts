import { nearest } from './text.js';

/** A statement of InfluxQL and the permissions that it needs. */
export interface Statement {
  /** Its first words, in capitals. */
  readonly words: string;
  /** One of these is enough; none: everybody may run it. */
  readonly anyOf: readonly string[];
  /** What is needed as well. */
  readonly andAlso?: string;
  /** Where the permission has to be granted: on the database that the statement names, or for all of them. */
  readonly scope: 'database' | 'cluster';
  readonly comment?: string;
}

function statementsFor(
  scope: Statement['scope'],
  permission: string,
  ...statements: readonly string[]
): readonly Statement[] {
  return statements.map((words) => ({ words, anyOf: [permission], scope }));
}

/**
 * The statements of InfluxQL with the permissions that they need ("Permission to Statement" and "Statement to
 * Permission" in the reference of InfluxDB Enterprise v1, Enterprise users and permissions). The two tables differ
 * about SHOW RETENTION POLICIES: either permission is enough. A statement that names no database has the scope of the
 * cluster here, where a grant is always sufficient.
 */
export const statements: readonly Statement[] = [
  {
    words: 'SELECT INTO',
    anyOf: ['ReadData'],
    andAlso: 'WriteData',
    scope: 'database',
    comment: 'ReadData on the databases that it reads, WriteData on the one behind INTO',
  },
  ...statementsFor('database', 'ReadData', 'SELECT'),
  ...statementsFor('database', 'WriteData', 'INSERT'),
  { words: 'SHOW RETENTION POLICIES', anyOf: ['ReadData', 'CreateDatabase'], scope: 'database' },
  ...statementsFor('database', 'ReadData', 'SHOW MEASUREMENTS', 'SHOW SERIES', 'SHOW FIELD KEYS', 'SHOW TAG KEYS'),
  ...statementsFor('database', 'ReadData', 'SHOW TAG VALUES'),
  {
    words: 'SHOW DATABASES',
    anyOf: [],
    scope: 'cluster',
    comment: 'it lists only the databases on which the user has a permission',
  },
  ...statementsFor('cluster', 'CreateDatabase', 'CREATE DATABASE'),
  ...statementsFor('database', 'CreateDatabase', 'CREATE RETENTION POLICY', 'ALTER RETENTION POLICY'),
  ...statementsFor('cluster', 'DropDatabase', 'DROP DATABASE'),
  ...statementsFor('database', 'DropDatabase', 'DROP RETENTION POLICY'),
  ...statementsFor('database', 'DropData', 'DELETE', 'DROP SERIES', 'DROP MEASUREMENT'),
  ...statementsFor(
    'cluster',
    'CreateUserAndRole',
    'CREATE USER',
    'DROP USER',
    'SET PASSWORD',
    'SHOW USERS',
    'SHOW GRANTS',
  ),
  ...statementsFor('cluster', 'CreateUserAndRole', 'GRANT', 'REVOKE'),
  ...statementsFor('database', 'ManageContinuousQuery', 'CREATE CONTINUOUS QUERY', 'SHOW CONTINUOUS QUERIES'),
  ...statementsFor('database', 'ManageContinuousQuery', 'DROP CONTINUOUS QUERY'),
  ...statementsFor('database', 'ManageSubscription', 'CREATE SUBSCRIPTION', 'SHOW SUBSCRIPTIONS', 'DROP SUBSCRIPTION'),
  ...statementsFor('cluster', 'ManageQuery', 'SHOW QUERIES', 'KILL QUERY'),
  ...statementsFor('cluster', 'Monitor', 'SHOW STATS', 'SHOW DIAGNOSTICS'),
  ...statementsFor('cluster', 'ManageShard', 'SHOW SHARDS', 'SHOW SHARD GROUPS', 'DROP SHARD'),
];

/** Every permission that a statement needs or may need. */
export function permissionsFor({ anyOf, andAlso }: Statement): readonly string[] {
  return andAlso === undefined ? anyOf : [...anyOf, andAlso];
}

/** The statements that a permission allows, in the order of the table. */
export function statementsAllowedBy(permission: string): readonly Statement[] {
  return statements.filter((statement) => permissionsFor(statement).includes(permission));
}

const maxLength = 10_000;

/** A statement in upper case without quoted parts, EXPLAIN and comments. */
function plainWords(text: string): string {
  return text
    .slice(0, maxLength)
    .replace(/--[^\n]*/g, ' ')
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, ' X ')
    .replace(/[;(),]/g, ' ')
    .trim()
    .replace(/\s+/g, ' ')
    .toUpperCase()
    .replace(/^EXPLAIN (ANALYZE )?/, '');
}

/** The statement in the table with the same first words, if any. */
export function findStatement(text: string): Statement | undefined {
  const plain = `${plainWords(text)} `;
  if (/^SELECT .* INTO /.test(plain)) return statements[0];
  const fitting = statements.filter(({ words }) => plain.startsWith(`${words} `));
  return fitting.toSorted((a, b) => b.words.length - a.words.length)[0];
}

/** The first words of the nearest statement. */
export function nearestStatement(text: string): string | undefined {
  const plain = plainWords(text);
  const candidates = statements.map(({ words }) => words);
  const count = (words: string): number => words.split(' ').length;
  const shortened = [...new Set(candidates.map(count))].map((length) => plain.split(' ').slice(0, length).join(' '));
  return shortened
    .map((words) =>
      nearest(
        words,
        candidates.filter((one) => count(one) === count(words)),
      ),
    )
    .findLast((words) => words !== undefined);
}
