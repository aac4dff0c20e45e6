import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import { usageError } from '../../errors.js';
import { permissions, type PermissionRow } from '../../model/permissions.js';
import { findStatement, nearestStatement, permissionsFor, type Statement } from '../../model/influxql-statements.js';
import { excerpt } from '../../model/text.js';
import { listView } from '../../output/table.js';
import type { Result } from '../../output/view.js';

export const formats = ['csv', 'name'] as const;

interface ListOptions {
  /** A statement of InfluxQL. */
  readonly for?: string;
}

const view = listView<PermissionRow>({
  columns: ['name', 'on InfluxDB', 'on Kapacitor'],
  row: (row) => [row.name, row.influxdb, row.kapacitor],
  prose: ['on InfluxDB', 'on Kapacitor'],
  json: ({ name, influxdb, kapacitor, warning = null }) => ({ name, influxdb, kapacitor, warning }),
  name: (row) => row.name,
  empty: 'No permission is required.',
});

export function define(command: Command, action: (options: ListOptions) => Promise<void>): void {
  command
    .option('--for <statement>', 'only the permissions that an InfluxQL statement needs')
    .addHelpText(
      'after',
      `
Examples:
  kapadmin permission list
  kapadmin permission list -o name
  kapadmin permission list --for "SHOW RETENTION POLICIES ON telegraf"`,
    )
    .action((options: ListOptions) => action(options));
}

function requireStatement(text: string): Statement {
  const found = findStatement(text);
  if (found !== undefined) return found;
  const near = nearestStatement(text);
  const hint =
    near === undefined
      ? 'To list the statements of a permission: kapadmin permission show ReadData'
      : `Did you mean "${near}"?`;
  // Text in quotes or after an equals sign may be a password: SET PASSWORD FOR "x" = 'secret'.
  const words = /^[\p{L}\s]*/u.exec(text)?.[0].trim() ?? '';
  throw usageError('unknown-statement', `--for: unknown statement "${excerpt(words, 60)}"`, hint);
}

/** What the rows of a statement mean, in one sentence. */
function describeNeeds({ words, anyOf, andAlso, scope, comment }: Statement): string {
  const end = comment === undefined ? '.' : `: ${comment}.`;
  if (anyOf.length === 0) return `Any user can run ${words}${end}`;
  const needs = `${anyOf.join(' or ')}${andAlso === undefined ? '' : ` and ${andAlso}`}`;
  const where = scope === 'database' ? 'on the database or on all' : 'granted for all databases';
  return `${words} needs ${needs}, ${where}${end}`;
}

export function run({ for: text }: ListOptions, { logger }: Factory): Promise<Result<readonly PermissionRow[]>> {
  if (text === undefined) return Promise.resolve({ data: permissions, view });
  const statement = requireStatement(text);
  logger.info(describeNeeds(statement));
  const needed = new Set(permissionsFor(statement));
  return Promise.resolve({ data: permissions.filter(({ name }) => needed.has(name)), view });
}
