import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { files } from '../../src/files/files.js';
import { loadDataFile, persistState, readSeed } from '../../src/sandbox/seed-and-data-files.js';
import { admin, usersIn } from './meta-node/ask.js';
import { overHttp } from './meta-node/over-http.js';
import { sandbox } from './running.js';
import { Secret } from '../../src/model/secret.js';
import { applyWrite, emptyState, type StoreWrite } from '../../src/sandbox/meta-node/store.js';

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kapadmin-test-'));
  file = path.join(folder, 'data.json');
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

const post = (url: string, target: string, body: object): Promise<{ status: number }> =>
  overHttp(url, `POST ${target}`, { ...admin, body });

const create = (name: string): StoreWrite => ({
  on: 'user',
  action: 'create',
  name,
  hash: new Secret(`hash of ${name}`),
  permissions: new Map([['', ['ReadData']]]),
});

describe('a data file', () => {
  it('brings a sandbox back as it was: users, passwords, roles, index', async () => {
    const first = await sandbox({ dataFile: file });
    const name = '__proto__\n"💥';
    expect((await post(first.url, '/user', { action: 'create', user: { name, password: 'geheim' } })).status).toBe(200);
    const permissions = { '': ['KapacitorAPI'], db: ['ReadData'] };
    await post(first.url, '/user', { action: 'add-permissions', user: { name, permissions } });
    await post(first.url, '/role', { action: 'create', role: { name: 'r' } });
    await post(first.url, '/role', { action: 'add-users', role: { name: 'r', users: [name] } });
    const documents = async (url: string): Promise<unknown[]> => {
      const [users, roles] = await Promise.all([overHttp(url, 'GET /user'), overHttp(url, 'GET /role')]);
      return [users.body, roles.body, users.headers['influxdb-metaindex']];
    };
    const before = await documents(first.url);
    await first.close();
    const second = await sandbox({ dataFile: file });
    expect(await documents(second.url)).toEqual(before);
    expect((await overHttp(second.url, 'GET /status', { as: `${name}:geheim` })).status).toBe(200);
  });

  it('comes before the seed and the default account', async () => {
    const first = await sandbox({ dataFile: file, admin: { username: 'boss', password: new Secret('pw') } });
    await first.close();
    const second = await sandbox({ dataFile: file });
    expect((await overHttp(second.url, 'GET /user', { as: 'boss:pw' })).status).toBe(200);
    expect((await overHttp(second.url, 'GET /user', admin)).status).toBe(401);
  });

  it('is there from the start, whole, 0600, and alone in its folder', async () => {
    const { close } = await sandbox({ dataFile: file });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).filter((name) => !name.includes('.lock-'))).toEqual(['data.json']);
    expect((await loadDataFile(file, files))?.users.has('admin')).toBe(true);
    await close();
    expect(await readdir(folder)).toEqual(['data.json']);
  });

  it('attack L14: belongs to one sandbox at a time, and then to the next', async () => {
    const first = await sandbox({ dataFile: file });
    const stop = AbortSignal.timeout(50);
    await expect(sandbox({ dataFile: file }, { stop })).rejects.toThrow();
    expect((await post(first.url, '/user', { action: 'create', user: { name: 'a', password: 'b' } })).status).toBe(200);
    await first.close();
    const second = await sandbox({ dataFile: file });
    expect((await overHttp(second.url, 'GET /user?name=a')).status).toBe(200);
  });

  it('is made 0600 again when it was opened to others, and stays a link where it is one', async () => {
    await (await sandbox({ dataFile: file })).close();
    await chmod(file, 0o644);
    const link = path.join(folder, 'link');
    await symlink(file, link);
    await (await sandbox({ dataFile: link })).close();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).sort()).toEqual(['data.json', 'link']);
  });

  it('is written once for many changes, and holds them all after a clean end', async () => {
    const state = emptyState();
    let writes = 0;
    const counting = {
      ...files,
      writeFileAtomic: (...args: Parameters<typeof files.writeFileAtomic>) => {
        writes++;
        return files.writeFileAtomic(...args);
      },
    };
    const data = await persistState(file, state, counting, () => {});
    for (let i = 0; i < 1000; i++) {
      applyWrite(state, create(`u${i}`));
      data.changed();
    }
    await data.close();
    expect(writes).toBe(2);
    expect((await loadDataFile(file, files))?.users.size).toBe(1000);
  });

  it('follows changes without a clean end, too', async () => {
    const state = emptyState();
    const data = await persistState(file, state, files, () => {});
    applyWrite(state, create('a'));
    data.changed();
    let found = 0;
    for (let i = 0; i < 200 && found === 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      found = (await loadDataFile(file, files))?.users.size ?? 0;
    }
    expect(found).toBe(1);
    await data.close();
  });

  it('attack new-slow-disk: follows a change within a quarter of a second after a write that took minutes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const state = emptyState();
      let writes = 0;
      const slow = {
        ...files,
        writeFileAtomic: async () => {
          writes++;
          if (writes === 1) vi.advanceTimersByTime(120_000);
        },
      };
      const data = await persistState(file, state, slow, () => {});
      applyWrite(state, create('a'));
      data.changed();
      vi.advanceTimersByTime(250);
      expect(writes).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('reports when the disk refuses, and is written at the next chance', async () => {
    const state = emptyState();
    const told: unknown[] = [];
    let broken = false;
    const breaking = {
      ...files,
      writeFileAtomic: (...args: Parameters<typeof files.writeFileAtomic>) =>
        broken ? Promise.reject(new Error('disk full')) : files.writeFileAtomic(...args),
    };
    const data = await persistState(file, state, breaking, (error) => told.push(error));
    broken = true;
    applyWrite(state, create('a'));
    data.changed();
    for (let i = 0; i < 200 && told.length === 0; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(told).toHaveLength(1);
    await expect(data.close()).rejects.toThrow('disk full');
    broken = false;
    await data.close();
    expect((await loadDataFile(file, files))?.users.has('a')).toBe(true);
  });

  it.each([
    ['', 'Unexpected end of JSON input'],
    ['{"users":[', 'JSON'],
    ['[]', 'the file: expected an object'],
    ['{"users":[]}', '"kapadminSandbox" is not 1'],
    ['{"kapadminSandbox":1,"users":[]}', '"index" is not an integer'],
    ['{"kapadminSandbox":1,"index":1,"users":[{"nam":"x"}]}', 'users[0]: unknown key "nam"'],
    ['{"kapadminSandbox":1,"index":1,"users":[{"name":"x"},{"name":"x"}]}', 'users: "x" is listed twice'],
    ['{"kapadminSandbox":1,"index":1,"users":[{"name":"x","permissions":[]}]}', 'users[0].permissions: expected lists'],
    ['{"kapadminSandbox":1,"index":1,"roles":[{"name":"x","users":[1]}]}', 'roles[0].users[0]: expected a string'],
    ['\x1b[31m', '\x1b'],
  ])('that holds %j is refused with a word, and left alone', async (content, reason) => {
    await writeFile(file, content, { mode: 0o640 });
    await expect(sandbox({ dataFile: file })).rejects.toMatchObject({
      kind: 'usage',
      code: 'bad-data-file',
      message: expect.stringContaining(reason),
    });
    expect(await readFile(file, 'utf8')).toBe(content);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readdir(folder)).toEqual(['data.json']);
  });

  it('that is a folder, or lies in none, is refused', async () => {
    await expect(sandbox({ dataFile: folder })).rejects.toMatchObject({ kind: 'usage' });
    await expect(sandbox({ dataFile: path.join(folder, 'none', 'data') })).rejects.toMatchObject({ kind: 'usage' });
  });
});
