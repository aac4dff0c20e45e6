import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scenarioSchema } from '../../src/scenario/schema.js';
import { config, johndoe, read, scenario, tasks } from './player.js';

/** Of the JSON Schema validator that @microsoft/jest-sarif brings with it; it knows no later draft by name. */
interface Validator {
  compile(schema: object): (data: unknown) => boolean;
}

const require = createRequire(import.meta.url);
const Ajv = createRequire(require.resolve('@microsoft/jest-sarif/package.json'))('ajv') as new () => Validator;
const fitsSchema = new Ajv().compile({ ...scenarioSchema(), $schema: 'http://json-schema.org/draft-07/schema#' });

function isRead(value: unknown): Promise<boolean> {
  return read(value).then(
    () => true,
    () => false,
  );
}

const folder = path.join(import.meta.dirname, '../vectors');
const step = (fields: object): object => scenario([fields]);
const meta = (fields: object): object => scenario([], fields);
const request = { path: '/' };

describe('the JSON Schema of scenarios', () => {
  it('takes every measured scenario', () => {
    const refused = readdirSync(folder).filter(
      (file) => !fitsSchema(JSON.parse(readFileSync(path.join(folder, file), 'utf8'))),
    );
    expect(refused).toEqual([]);
  });

  it.each([
    {},
    { $schema: 'x', name: null, start: '2026-01-01', kapacitor: null, meta: null, steps: null },
    { kapacitor: { configFile: 'k.conf', env: { A: 1, B: true, C: '' } }, expect: { starts: false, message: 'x' } },
    scenario([{ at: '5m', request: tasks, expect: { verdict: 'allow', status: null, metaRequests: [{}] } }]),
    meta({
      listen: 'http://a:1',
      credentials: null,
      users: null,
      roles: [{ name: 'r', users: ['a'], permissions: {} }],
    }),
    meta({ users: [johndoe, { name: 'x', hash: 'y', ldap: true, permissions: { '': null, db: ['Nope'] } }] }),
    meta({ responses: [{}, { error: 'tls' }, { path: '/user', status: 503, times: 0, headers: { A: 1 }, body: [1] }] }),
    step({ meta: { users: [] } }),
    step({ request: { url: 'http://a:b@h/x', method: null, headers: null } }),
    step({ request: { ...request, username: 'a', headers: { B: 'c' } } }),
    step({ request, expect: { messageStarts: 'x', location: null, retriedUntilTimeout: true } }),
  ])('takes what is read: %j', async (value) => {
    expect([await isRead(value), fitsSchema(value)]).toEqual([true, true]);
  });

  it.each([
    null,
    [],
    'text',
    { nmae: 'x' },
    { name: 5 },
    { start: 5 },
    { kapacitor: [] },
    { kapacitor: { conf: '' } },
    { kapacitor: { config: 5 } },
    { kapacitor: { env: { A: [] } } },
    { kapacitor: { config, env: 'A=b' } },
    meta({ user: [] }),
    meta({ users: {} }),
    meta({ users: [{}] }),
    meta({ users: [{ name: 'a', ldap: 'yes' }] }),
    meta({ users: [{ name: 'a', permissions: ['ReadData'] }] }),
    meta({ users: [{ name: 'a', permissions: { '': 'ReadData' } }] }),
    meta({ roles: [{ name: 'a', users: [1] }] }),
    meta({ credentials: 'admin' }),
    meta({ credentials: { username: 'a' } }),
    meta({ responses: [{ status: '503' }] }),
    meta({ responses: [{ status: 99 }] }),
    meta({ responses: [{ times: 1.5 }] }),
    meta({ responses: [{ error: 'gone' }] }),
    meta({ responses: [{ headers: { A: null } }] }),
    { steps: {} },
    { steps: ['x'] },
    step({ req: {} }),
    step({ at: 5, request }),
    step({ request: {} }),
    step({ request: { path: 5 } }),
    step({ request: { path: null } }),
    step({ request, expect: { verdit: 'allow' } }),
    step({ request, expect: { metaRequests: {} } }),
    step({ request, expect: { metaRequests: [{ host: '' }] } }),
    step({ meta: null }),
    { expect: { start: true } },
  ])('refuses what is refused: %j', async (value) => {
    expect([await isRead(value), fitsSchema(value)]).toEqual([false, false]);
  });

  it('refuses a verdict that there is not, which the reader leaves to the comparison', () => {
    expect(fitsSchema(step({ request, expect: { verdict: 'allowed' } }))).toBe(false);
  });
});
