import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../folder.js';
import { sandbox } from '../running.js';
import { admin, asker, peopledState } from './ask.js';
import { overHttp } from './over-http.js';

const rule = { database: { match: 'exact', value: 'db' }, permissions: ['read'] };
const restrictions = '/influxdb/v2/acl/restrictions';
const grants = '/influxdb/v2/acl/grants';

describe('restrictions and grants of the sandbox', () => {
  it('are created, listed and deleted, each by its own path', () => {
    const ask = asker(peopledState());
    const made = ask(`POST ${grants}`, { ...admin, body: { ...rule, users: [{ name: 'nobody' }] } });
    expect([made.status, JSON.parse(made.body)]).toEqual([201, { id: '1', ...rule, users: [{ name: 'nobody' }] }]);
    expect(ask(`GET ${restrictions}`, admin).body).toBe('{"restrictions":[]}');
    expect(JSON.parse(ask(`GET ${grants}`, admin).body)).toEqual({ grants: [JSON.parse(made.body)] });
    expect(ask(`DELETE ${restrictions}/1`, admin).status).toBe(404);
    expect(ask(`DELETE ${grants}/1`, admin).status).toBe(204);
    expect(ask(`GET ${grants}`, admin).body).toBe('{"grants":[]}');
  });

  it.each([
    [{}],
    ['no JSON'],
    [{ ...rule, database: 'db' }],
    [{ ...rule, database: { match: 'regex', value: 'db' } }],
    [{ ...rule, permissions: [] }],
    [{ ...rule, permissions: ['ReadData'] }],
    [{ ...rule, tags: [{ match: 'exact', value: 'east' }] }],
    [{ ...rule, measurement: {} }],
  ])('refuse %j', (body) => {
    expect(asker(peopledState())(`POST ${restrictions}`, { ...admin, body }).status).toBe(400);
  });

  it('are for those who manage users', () => {
    const ask = asker(peopledState());
    for (const line of [`GET ${grants}`, `POST ${grants}`, `DELETE ${grants}/1`]) {
      expect([ask(line).status, ask(line, { as: 'johndoe:Pa5sw0Rd' }).status]).toEqual([401, 403]);
    }
    expect([ask(`PUT ${grants}/1`, admin).status, ask(`DELETE ${grants}`, admin).status]).toEqual([400, 400]);
  });

  it('are in the data file', async () => {
    const dataFile = `${makeFolder()}/data.json`;
    const first = await sandbox({ dataFile });
    await overHttp(first.url, `POST ${restrictions}`, { ...admin, body: rule });
    await first.close();
    const second = await sandbox({ dataFile });
    expect(JSON.parse((await overHttp(second.url, `GET ${restrictions}`, admin)).body)).toEqual({
      restrictions: [{ id: '1', ...rule }],
    });
  });
});
