import { describe, expect, it } from 'vitest';
import { cluster } from './cluster.js';
import { some } from './login.js';

describe('auth can-i', () => {
  it.each([
    ['johndoe', 'GET', '/kapacitor/v1/tasks', 0, 'yes', 'KapacitorAPI: all privileges on /api'],
    ['johndoe', 'get', '/kapacitor/v1/tasks', 0, 'yes', 'KapacitorAPI: all privileges on /api'],
    [
      'johndoe',
      'GET',
      '/kapacitor/v1/config',
      1,
      'no',
      'no privilege on /api/config (KapacitorAPI excludes the configuration)',
    ],
    ['johndoe', 'HEAD', '/kapacitor/v1/ping', 0, 'yes', 'no privilege needed'],
    ['johndoe', 'POST', '/write?db=telegraf', 0, 'yes', 'WriteData: write on database "telegraf"'],
    ['johndoe', 'POST', '/write?db=x', 1, 'no', 'no privilege covers it'],
    ['johndoe', 'POST', '/write', 1, 'no', 'a write needs ?db=NAME'],
    ['johndoe', 'GET', '/a//b', 1, 'no', 'the path is not clean; redirects to /a/b'],
    ['johndoe', 'OPTIONS', '/x', 0, 'yes', 'no authentication required'],
    ['admina', 'GET', '/kapacitor/v1preview/config', 1, 'no', 'no privilege covers it'],
    ['byrole', 'GET', '/kapacitor/v1/tasks', 1, 'no', 'no privilege covers it'],
    [
      'odd',
      'GET',
      '/kapacitor/v1/tasks',
      1,
      'no',
      'Kapacitor rejects every login of this user: it does not know the permission Nope',
    ],
  ])('%s %s %s: exit %i', async (user, method, path, code, yes, why) => {
    const { run } = await cluster(some);
    const ran = await run(['auth', 'can-i', user, method, path, '-o', 'json']);
    expect(ran.code).toBe(code);
    const [access] = JSON.parse(ran.stdout) as [{ allowed: boolean; why: string; method: string }];
    expect([access.allowed, access.method]).toEqual([yes === 'yes', method.toUpperCase()]);
    expect(access.why).toContain(why);
  });

  it.each([
    ['GET', '/kapacitor/v1/tasks', 0, 'yes\n', 'KapacitorAPI: all privileges on /api\n'],
    [
      'GET',
      '/kapacitor/v1/config',
      1,
      'no\n',
      '403: no privilege on /api/config (KapacitorAPI excludes the configuration)\n',
    ],
    ['POST', '/write?db=x', 1, 'no\n', '401: no privilege covers it\n'],
  ])('%s %s is one word, and a reason on a terminal', async (method, path, code, word, reason) => {
    const { run } = await cluster(some);
    const words = ['auth', 'can-i', 'johndoe', method, path];
    expect(await run([...words, '-q'])).toMatchObject({ code, stdout: word, stderr: '' });
    expect(await run([...words, '--no-color'], { terminal: true })).toMatchObject({ code, stdout: word + reason });
  });

  it('names the role that alone grants what is missing, and the command that grants it directly', async () => {
    const { run } = await cluster(some);
    const role = (name: string) =>
      `${name} has KapacitorAPI only through role operators. Kapacitor reads only the user record, ` +
      `which does not include it. Grant it to the user: kapadmin user grant ${name} KapacitorAPI\n`;
    expect(await run(['auth', 'can-i', 'byrole', 'GET', '/kapacitor/v1/tasks'])).toEqual({
      code: 1,
      stdout: 'no\n',
      stderr: role('byrole'),
    });
    expect((await run(['auth', 'can-i', 'byrole', '--list'])).stderr).toBe(role('byrole'));
    expect((await run(['auth', 'can-i', 'byrole', 'GET', '/kapacitor/v1/config'])).stderr).toBe('');
  });

  it('says who can create an administrator that may do what they may not', async () => {
    const { run } = await cluster(some);
    const note =
      'johndoe may not do this, but can create a Kapacitor administrator who may: KapacitorAPI allows POST /kapacitor/v1/users.\n';
    expect((await run(['auth', 'can-i', 'johndoe', 'GET', '/kapacitor/v1/config'])).stderr).toBe(note);
    expect((await run(['auth', 'who-can', 'GET', '/kapacitor/v1/config'])).stderr).toBe(note);
    expect((await run(['auth', 'who-can', 'GET', '/kapacitor/v1/tasks'])).stderr).toBe('');
  });

  it('verdict 5: lists the standard endpoints, writes by database, and is content', async () => {
    const { run } = await cluster(some);
    const { code, stdout } = await run(['auth', 'can-i', 'johndoe', '--list']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/johndoe +GET +\/kapacitor\/v1\/tasks +yes/);
    expect(stdout).toMatch(/johndoe +GET +\/kapacitor\/v1\/config +no/);
    expect(stdout).toMatch(/johndoe +POST +\/kapacitor\/v1\/write +no +a write needs \?db=NAME/);
    expect(stdout).toMatch(/johndoe +POST +\/kapacitor\/v1\/write\?db=telegraf +yes/);
    expect(stdout).toMatch(
      /johndoe +POST +\/kapacitor\/v1\/write\?db=OTHER +no +any other database: no privilege covers it/,
    );
  });

  it.each([
    ['GET', '/tasks', '/tasks', 'Did you mean "/kapacitor/v1/tasks"?'],
    ['GET', '/kapacitor/v1/taskz', '/kapacitor/v1/taskz', 'Did you mean "/kapacitor/v1/tasks"?'],
    ['DELETE', '/kapacitor/v1/taks/cpu', '/kapacitor/v1/taks/cpu', 'Did you mean "/kapacitor/v1/tasks/cpu"?'],
    ['GET', 'tasks', '/tasks', 'Did you mean "/kapacitor/v1/tasks"?'],
    ['GET', 'http://k:9092/kapacitor/v1/Tasks', '/kapacitor/v1/Tasks', 'Did you mean "/kapacitor/v1/tasks"?'],
    ['GET', '/kapacitor/v1preview/taskz', '/kapacitor/v1preview/taskz', 'Did you mean "/kapacitor/v1/tasks"?'],
    ['PUT', '/kapacitor/v1/tasks', 'PUT /kapacitor/v1/tasks', 'Allowed methods: GET, POST.'],
    ['HEAD', '/kapacitor/v1/tasks', 'HEAD /kapacitor/v1/tasks', 'Allowed methods: GET, POST.'],
  ])('verdict 6: %s %s is a 404: exit 1', async (method, path, named, question) => {
    const { run } = await cluster(some);
    const said = `Kapacitor has no endpoint ${named}: it would respond with 404. ${question}\n`;
    expect(await run(['auth', 'can-i', 'admin', method, path])).toMatchObject({
      code: 1,
      stdout: 'no\n',
      stderr: `warning: the answer is no because ${said}`,
    });
    expect(await run(['auth', 'who-can', method, path])).toMatchObject({
      code: 1,
      stdout: 'nobody\n',
      stderr: `warning: ${said}`,
    });
  });

  it.each([
    ['GET', 'https://k:9092/kapacitor/v1/tasks/cpu?x=y'],
    ['GET', '/kapacitor/v1/tasks/cpu/out'],
    ['GET', '/kapacitor/v1preview/logs'],
    ['PATCH', '/kapacitor/v1/api/v2/tasks/0123'],
    ['PUT', '/kapacitor/v1/alerts/topics/cpu/handlers/slack'],
    ['OPTIONS', '/anything'],
  ])('verdict 6: %s %s is none', async (method, path) => {
    const { run } = await cluster(some);
    expect(await run(['auth', 'can-i', 'admin', method, path])).toMatchObject({ code: 0, stdout: 'yes\n', stderr: '' });
  });

  it('of a user that does not exist is exit 5', async () => {
    const { run } = await cluster(some);
    const { code, stderr } = await run(['auth', 'can-i', 'no\u001bbody', 'GET', '/']);
    expect(code).toBe(5);
    expect(stderr).toContain('user "no\\x1bbody" not found');
  });
});

describe('auth who-can', () => {
  it('names all who may, by name', async () => {
    const { run } = await cluster(some);
    const { code, stdout } = await run(['auth', 'who-can', 'GET', '/kapacitor/v1/tasks', '-o', 'name']);
    expect([code, stdout]).toEqual([0, 'admin\njohndoe\n']);
    const config = await run(['auth', 'who-can', 'POST', '/kapacitor/v1/config/smtp', '-o', 'name']);
    expect(config.stdout).toBe('admin\nadmina\n');
    const write = await run(['auth', 'who-can', 'post', '/write?db=telegraf', '-o', 'csv']);
    expect(write.stdout.split('\n').slice(1).join('\n')).toContain('johndoe,POST,/write?db=telegraf,yes');
  });

  it('verdict 5: lists writes without a database by database, as the matrix does', async () => {
    const { run } = await cluster(some);
    const { code, stdout, stderr } = await run(['auth', 'who-can', 'POST', '/write', '-o', 'csv']);
    expect(code).toBe(0);
    expect(stdout.trim().split('\r\n').slice(1)).toEqual([
      'admin,POST,/write?db=OTHER,yes,any other database: read and write on all databases',
      'johndoe,POST,/write?db=telegraf,yes,"WriteData: write on database ""telegraf"""',
    ]);
    expect(stderr).toContain('Kapacitor rejects a write without ?db=NAME (400)');
    const matrix = await run(['auth', 'matrix', '--endpoint', '/write', '-o', 'csv']);
    expect(matrix.stdout).toMatch(/^admin,.*,yes,yes\r$/m);
    expect(matrix.stdout).toMatch(/^johndoe,,,yes,no,no\r$/m);
    expect((await run(['auth', 'who-can', 'POST', '/write', '-o', 'name'])).stdout).toBe('admin\njohndoe\n');
  });

  it('says so where nobody may: exit 1', async () => {
    const { run } = await cluster(some);
    const { code, stdout } = await run(['auth', 'who-can', 'GET', '/a//b']);
    expect([code, stdout]).toEqual([1, 'nobody\n']);
  });
});
