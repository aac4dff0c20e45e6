import type { Command } from 'commander';
import { checkPermission } from '../../model/check.js';
import { permissions, type PermissionRow } from '../../model/permission.js';
import type { Result, View } from '../../output/view.js';

export interface Options {
  readonly name: string;
}

const view: View<PermissionRow> = {
  text: (row, { color }) =>
    `${color.bold(row.name)}\n  on InfluxDB:  ${row.influxdb}\n  on Kapacitor: ${row.kapacitor}\n`,
  json: (row) => row,
};

export function define(command: Command, act: (options: Options) => Promise<void>): void {
  command
    .argument('<permission>', 'its name, such as KapacitorAPI')
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin permission explain KapacitorAPI\n  kapadmin permission explain WriteData -o json',
    )
    .action((name: string) => act({ name }));
}

export function run({ name }: Options): Promise<Result<PermissionRow>> {
  checkPermission(name);
  return Promise.resolve({ data: permissions.find((row) => row.name === name)!, view });
}
