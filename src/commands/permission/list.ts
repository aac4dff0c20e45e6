import type { Command } from 'commander';
import { permissions, type PermissionRow } from '../../model/permission.js';
import { listView } from '../../output/table.js';
import type { Result } from '../../output/view.js';

export const formats = ['csv', 'name'] as const;

const view = listView<PermissionRow>({
  columns: ['name', 'on InfluxDB', 'on Kapacitor'],
  row: (row) => [row.name, row.influxdb, row.kapacitor],
  json: (row) => row,
  name: (row) => row.name,
});

export function define(command: Command, act: (options: object) => Promise<void>): void {
  command
    .addHelpText('after', '\nExamples:\n  kapadmin permission list\n  kapadmin permission list -o name')
    .action(() => act({}));
}

export function run(): Promise<Result<readonly PermissionRow[]>> {
  return Promise.resolve({ data: permissions, view });
}
