import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { files } from '../../src/files/files.js';
import { readSeed } from '../../src/sandbox/state-files.js';
import { admin, usersIn } from './meta-node/ask.js';
import { overHttp } from './meta-node/over-http.js';
import { sandbox } from './running.js';

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kapadmin-test-'));
  file = path.join(folder, 'seed');
});

afterEach(() => rm(folder, { recursive: true }));

const yaml = `
credentials: { username: boss, password: pw }
users:
  - { name: johndoe, password: Pa5sw0Rd, permissions: { "": [KapacitorAPI] } }
  - { name: ldapuser, password: ldap-pw, ldap: true }
  - { name: hashed, hash: PBKDF2 }
roles:
  - { name: kapacitor, users: [johndoe, gone], permissions: { "": [KapacitorConfigAPI] } }
responses: []
`;

async function read(content: string) {
  await writeFile(file, content);
  return readSeed(file, files);
}

describe('a seed file', () => {
  it('is the meta part of a scenario, alone or in its scenario, YAML or JSON', async () => {
    const seed = await read(yaml);
    expect(seed.account?.username).toBe('boss');
    expect(seed.users.map(({ name, ldap }) => [name, ldap])).toEqual([
      ['johndoe', false],
      ['ldapuser', true],
      ['hashed', false],
    ]);
    expect(await read(`name: x\nmeta:${yaml.replaceAll('\n', '\n  ')}`)).toEqual(seed);
    const json = await read(
      '{"meta":{"users":[{"name":"johndoe","password":"Pa5sw0Rd","permissions":{"":["KapacitorAPI"]}}]}}',
    );
    expect(json.users).toEqual(seed.users.slice(0, 1));
    expect(json.account).toBeNull();
  });

  it('fills a sandbox, members that do not exist included', async () => {
    const seed = await read(yaml);
    const { url } = await sandbox({ seed, admin: seed.account });
    const boss = { as: 'boss:pw' };
    const users = usersIn((await overHttp(url, 'GET /user', boss)).body);
    expect(users.map(({ name }) => name)).toEqual(['boss', 'johndoe', 'ldapuser', 'hashed']);
    expect(users[2]?.hash).toBe('');
    expect(users[3]?.hash).toBe('PBKDF2');
    expect(JSON.parse((await overHttp(url, 'GET /role', boss)).body).roles[0].users).toEqual(['johndoe', 'gone']);
    expect((await overHttp(url, 'GET /status', { as: 'johndoe:Pa5sw0Rd' })).status).toBe(200);
    const line = 'GET /authorized?name=ldapuser&password=ldap-pw&permission=NoPermissions&resource=_';
    expect((await overHttp(url, line, boss)).status).toBe(200);
  });

  it('may describe the account itself', async () => {
    const seed = await read('users: [{ name: admin, permissions: { "": [CreateUserAndRole] } }]');
    const { url } = await sandbox({ seed });
    const users = usersIn((await overHttp(url, 'GET /user', admin)).body);
    expect(users).toHaveLength(1);
    expect(users[0]?.permissions).toEqual({ '': ['CreateUserAndRole'] });
  });

  it.each([
    ['users: {', 'cannot use the seed'],
    ['just text', 'the file: expected an object'],
    ['user: []', 'meta: unknown key "user"'],
    ['meta: 5', 'meta: expected an object'],
    ['users: 5', 'users: expected a list'],
    ['users: [{ name: 5 }]', 'users[0].name: expected a string'],
    ['users: [{ name: a, password: 5 }]', 'users[0].password: expected a string'],
    ['users: [{ name: a, ldap: maybe }]', 'users[0].ldap: expected true or false'],
    ['credentials: { username: a }', 'credentials.password: expected a string'],
    ['roles: [{ name: a, permissions: { "": KapacitorAPI } }]', 'roles[0].permissions: expected lists of names'],
    ['roles: [{ name: a }, { name: a }]', 'roles: "a" is listed twice'],
  ])('that holds %j is refused with a word', async (content, message) => {
    await expect(read(content)).rejects.toMatchObject({
      kind: 'usage',
      code: 'bad-seed-file',
      message: expect.stringContaining(message),
    });
  });

  it('that is a state file gets the form of a seed', async () => {
    await expect(read('users: { johndoe: { roles: [] } }')).rejects.toMatchObject({
      hint: expect.stringMatching(/^Write users: \[\{ name: johndoe, .*State files have another form\.$/),
    });
  });

  it('that is missing is named', async () => {
    await expect(readSeed(file, files)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(file),
    });
  });
});
