import { expect } from 'vitest';
import type { CommandFlow } from './flow.js';

export const flows: readonly CommandFlow[] = [
  {
    words: 'permission list',
    args: [],
    says: [/^NAME +ON INFLUXDB +ON KAPACITOR\n/m, /^KapacitorAPI +\S/m, /^NoPermissions +\S/m],
    json: expect.arrayContaining([expect.objectContaining({ name: 'KapacitorAPI' })]),
  },
  {
    words: 'permission show',
    args: ['KapacitorConfigAPI'],
    says: [/^KapacitorConfigAPI\n {2}on InfluxDB: +\S.*\n {2}on Kapacitor: \S/m],
    json: {
      name: 'KapacitorConfigAPI',
      influxdb: expect.any(String),
      kapacitor: expect.any(String),
      warning: null,
      statements: [],
    },
  },
];
