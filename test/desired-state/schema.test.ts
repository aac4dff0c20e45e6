import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseState } from '../../src/desired-state/parse.js';
import { stateSchema } from '../../src/desired-state/schema.js';
import { exportState, stateJson } from '../../src/desired-state/export.js';
import { cases, clusters } from './cluster.js';

/** Of the JSON Schema validator that @microsoft/jest-sarif brings with it. */
interface Validator {
  compile(schema: object): (data: unknown) => boolean;
}

const require = createRequire(import.meta.url);
const Ajv = createRequire(require.resolve('@microsoft/jest-sarif/package.json'))('ajv') as new () => Validator;
const fitsSchema = new Ajv().compile(stateSchema());

function isRead(data: unknown): boolean {
  const { problems } = parseState([{ file: 'f', text: JSON.stringify(data) }]);
  return problems.every(({ severity }) => severity === 'warning');
}

const user = (fields: object): object => ({ users: { a: fields } });

describe('the JSON Schema of state files', () => {
  it.each([
    {},
    { users: null, roles: null, options: null },
    user({
      password: { env: 'A' },
      permissions: { '': ['KapacitorAPI'], db: null },
      roles: ['r'],
      presets: ['chronograf'],
    }),
    user({ password: { generate: true } }),
    user({ hash: { value: 'x' } }),
    { $schema: 'state.schema.json', 'x-mine': [1], roles: { r: { members: ['a'], permissions: null } } },
    { options: { manage: 'all', materializeRoles: true, absent: { users: ['a'], roles: [] } } },
  ])('takes what is read: %j', (data) => {
    expect([isRead(data), fitsSchema(data)]).toEqual([true, true]);
  });

  it.each([
    [],
    { user: {} },
    user({ passwort: { env: 'A' } }),
    user({ password: 'secret' }),
    user({ password: { env: 'A', file: 'b' } }),
    user({ password: { generate: false } }),
    user({ password: { env: 'A' }, hash: { env: 'B' } }),
    user({ permissions: { '': ['KapacitorApi'] } }),
    user({ permissions: ['KapacitorAPI'] }),
    user({ roles: 'r' }),
    user({ presets: ['kapacitor-reader'] }),
    { roles: { r: { members: [1] } } },
    { options: { manage: 'everything' } },
    { options: { absent: ['a'] } },
  ])('refuses what is refused: %j', (data) => {
    expect([isRead(data), fitsSchema(data)]).toEqual([false, false]);
  });

  it('takes every file and every export', () => {
    fc.assert(
      fc.property(cases, ({ file }) => fitsSchema(file) && isRead(file)),
      { numRuns: 100 },
    );
    const exported = (cluster: Parameters<typeof exportState>[0]): unknown =>
      JSON.parse(JSON.stringify(stateJson(exportState(cluster, { withHashes: true }))));
    fc.assert(
      fc.property(clusters, (cluster) => fitsSchema(exported(cluster))),
      { numRuns: 100 },
    );
  });
});
