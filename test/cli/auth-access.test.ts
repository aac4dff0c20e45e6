import { describe, expect, it } from 'vitest';
import { cluster } from './cluster.js';
import { some } from './login.js';

describe('auth can-i', () => {
  it.each([
    ['johndoe', 'GET', '/kapacitor/v1/tasks', 0, 'yes', '/api = all'],
    ['johndoe', 'get', '/kapacitor/v1/tasks', 0, 'yes', '/api = all'],
    ['johndoe', 'GET', '/kapacitor/v1/config', 1, 'no', '/api/config = none'],
    ['johndoe', 'HEAD', '/kapacitor/v1/config', 0, 'yes', 'nothing needed'],
    ['johndoe', 'POST', '/write?db=telegraf', 0, 'yes', '/database/telegraf_clean = write'],
    ['johndoe', 'POST', '/write?db=x', 1, 'no', 'no entry'],
    ['johndoe', 'POST', '/write', 0, 'yes', 'a write needs ?db=NAME'],
    ['johndoe', 'GET', '/a//b', 1, 'no', 'not a clean path: /a/b'],
    ['johndoe', 'OPTIONS', '/x', 0, 'yes', 'no authentication is asked for'],
    ['admina', 'GET', '/kapacitor/v1preview/config', 1, 'no', 'no entry'],
    ['byrole', 'GET', '/kapacitor/v1/tasks', 1, 'no', 'no entry'],
    ['odd', 'GET', '/kapacitor/v1/tasks', 1, 'no', 'Kapacitor cannot log in this user: it does not know Nope'],
  ])('%s %s %s: exit %i', async (user, method, path, code, yes, why) => {
    const { run } = await cluster(some);
    const ran = await run(['auth', 'can-i', user, method, path, '-o', 'json']);
    expect(ran.code).toBe(code);
    const [access] = JSON.parse(ran.stdout) as [{ allowed: boolean; why: string; method: string }];
    expect([access.allowed, access.method]).toEqual([yes === 'yes', method.toUpperCase()]);
    expect(access.why).toContain(why);
  });

  it('lists the standard endpoints, and is content', async () => {
    const { run } = await cluster(some);
    const { code, stdout } = await run(['auth', 'can-i', 'johndoe', '--list']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/johndoe +GET +\/kapacitor\/v1\/tasks +yes/);
    expect(stdout).toMatch(/johndoe +GET +\/kapacitor\/v1\/config +no/);
  });

  it('of a user that is not there is exit 5', async () => {
    const { run } = await cluster(some);
    const { code, stderr } = await run(['auth', 'can-i', 'no\u001bbody', 'GET', '/']);
    expect(code).toBe(5);
    expect(stderr).toContain('the cluster has no user "no\\x1bbody"');
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

  it('says so where nobody may: exit 1', async () => {
    const { run } = await cluster(some);
    const { code, stdout } = await run(['auth', 'who-can', 'GET', '/a//b']);
    expect([code, stdout]).toEqual([1, 'nobody\n']);
  });
});
