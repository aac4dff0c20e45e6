import { describe, expect, it } from 'vitest';
import { cluster } from './cluster.js';

const some = { users: { johndoe: {} }, roles: { kapacitor: { users: ['johndoe'] } } };

describe('a name that is not found', () => {
  it.each([
    [['user', 'show', 'johndo'], 'Did you mean "johndoe"?'],
    [['user', 'grant', 'johndo', 'ReadData'], 'Did you mean "johndoe"?'],
    [['user', 'passwd', 'johndo', '--generate'], 'Did you mean "johndoe"?'],
    [['user', 'delete', 'johndo', '--yes'], 'Did you mean "johndoe"?'],
    [['auth', 'can-i', 'johndo', 'GET', '/kapacitor/v1/tasks'], 'Did you mean "johndoe"?'],
    [['role', 'show', 'kapaciter'], 'Did you mean "kapacitor"?'],
    [['auth', 'matrix', '--role', 'kapaciter'], 'Did you mean "kapacitor"?'],
    [['user', 'show', 'somebody-else'], 'To list all: kapadmin user list'],
  ])('gets the nearest one: %j', async (words, hint) => {
    const { run } = await cluster(some);
    const { code, stderr } = await run(words);
    expect([code, stderr.trim().split('\n').at(-1)]).toEqual([5, hint]);
  });

  it('gets none where several are not found', async () => {
    const { run } = await cluster(some);
    const { stderr } = await run(['user', 'delete', 'johndo', 'johnd', '--yes']);
    expect(stderr).not.toContain('Did you mean');
  });
});
