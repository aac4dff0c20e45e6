import type { Command } from 'commander';
import { checkPermission, type PermissionRow, permissions } from '../../model/permissions.js';
import { type Statement, statementsAllowedBy } from '../../model/influxql-statements.js';
import { styled, type Text } from '../../output/style.js';
import type { Result, View } from '../../output/view.js';

interface ShowOptions {
  readonly name: string;
}

interface ShownPermission extends PermissionRow {
  readonly statements: readonly Statement[];
}

/** A statement as one permission allows it, with what else it needs. */
function statementText({ words, anyOf, andAlso, scope }: Statement, permission: string): string {
  const both = andAlso === undefined ? '' : ` (with ${permission === andAlso ? anyOf.join(' or ') : andAlso})`;
  return `${words}${scope === 'cluster' ? ' (granted for all databases)' : ''}${both}`;
}

const view: View<ShownPermission> = {
  text({ name, influxdb, kapacitor, warning, statements }, { color }) {
    const lines: Text[] = [`  on InfluxDB:  ${influxdb}`, `  on Kapacitor: ${kapacitor}`];
    if (warning !== undefined) lines.push(styled`  ${color.yellow('warning:')}      ${warning}`);
    if (statements.length > 0) lines.push('  statements:');
    const shown = statements.map((statement) => `    ${statementText(statement, name)}`);
    return [color.bold(name), ...lines, ...shown];
  },
  json: ({ name, influxdb, kapacitor, warning = null, statements }) => ({
    name,
    influxdb,
    kapacitor,
    warning,
    statements: statements.map(({ words, scope }) => ({ statement: words, scope })),
  }),
};

export function define(command: Command, action: (options: ShowOptions) => Promise<void>): void {
  command
    .argument('<permission>', 'name of the permission, such as KapacitorAPI')
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin permission show KapacitorAPI\n  kapadmin permission show ReadData -o json',
    )
    .action((name: string) => action({ name }));
}

export function run({ name }: ShowOptions): Promise<Result<ShownPermission>> {
  checkPermission(name);
  const row = permissions.find((one) => one.name === name)!;
  return Promise.resolve({ data: { ...row, statements: statementsAllowedBy(name) }, view });
}
