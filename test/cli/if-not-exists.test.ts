import { describe, expect, it } from 'vitest';
import { cluster } from './cluster.js';

describe('verdict 13: user create --if-not-exists', () => {
  it('needs no password for a user that exists', async () => {
    const { run } = await cluster({ users: { johndoe: {} } });
    expect(await run(['user', 'create', 'johndoe', '--if-not-exists'])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'user johndoe already exists\n',
    });
  });

  it('needs one for a user that does not', async () => {
    const { run, user } = await cluster({ users: { johndoe: {} } });
    expect(await run(['user', 'create', 'janedoe', '--if-not-exists'])).toMatchObject({ code: 2, stdout: '' });
    expect(await user('janedoe')).toBeUndefined();
    const both = await run(['user', 'create', 'johndoe', 'janedoe', '--generate', '--if-not-exists', '-o', 'json']);
    expect(both.code).toBe(0);
    expect(JSON.parse(both.stdout)).toMatchObject([{ name: 'johndoe', password: null }, { name: 'janedoe' }]);
  });
});
