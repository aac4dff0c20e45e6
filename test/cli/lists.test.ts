import { describe, expect, it } from 'vitest';
import { splitList } from '../../src/model/list.js';
import { cluster, runAlone } from './cluster.js';

describe('verdict 19: a list', () => {
  it.each([
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    [',a,,b,', ['a', 'b']],
    ['', ['']],
    [',', [',']],
    ['Doe\\, John,b', ['Doe, John', 'b']],
    ['CORP\\joe', ['CORP\\joe']],
  ])('%j holds %j', (text, items) => {
    expect(splitList(text)).toEqual(items);
  });

  it('is split at commas wherever names are listed', async () => {
    const { urls, user, role } = await cluster({
      users: { ann: {}, bob: {}, joe: {}, eve: {} },
      roles: { r: {}, s: {} },
    });
    const env = {
      KAPADMIN_META_URL: urls.join(),
      KAPADMIN_META_USERNAME: 'admin',
      KAPADMIN_META_PASSWORD: 'changeit',
    };
    const run = async (words: string): Promise<void> => {
      const { code, stderr } = await runAlone(words.split(' '), { env });
      expect([words, code, stderr.includes('error')]).toEqual([words, 0, false]);
    };
    await run('user grant joe ReadData,WriteData KapacitorAPI');
    expect((await user('joe'))?.permissions.get('')?.toSorted()).toEqual(['KapacitorAPI', 'ReadData', 'WriteData']);
    await run('user revoke joe ReadData,KapacitorAPI');
    expect((await user('joe'))?.permissions.get('')).toEqual(['WriteData']);
    await run('user grant joe ReadData --db a,b');
    expect([...((await user('joe'))?.permissions.keys() ?? [])].toSorted()).toEqual(['', 'a', 'b']);
    await run('role add-users r ann,bob joe');
    expect((await role('r'))?.users.toSorted()).toEqual(['ann', 'bob', 'joe']);
    await run('role remove-users r ann,bob');
    expect((await role('r'))?.users).toEqual(['joe']);
    await run('role grant r ReadData,Monitor');
    expect((await role('r'))?.permissions.get('')?.toSorted()).toEqual(['Monitor', 'ReadData']);
    await run('role delete r,s --yes');
    expect(await role('s')).toBeUndefined();
    await run('user delete ann,bob eve --yes');
    expect([await user('ann'), await user('bob'), await user('eve')]).toEqual([undefined, undefined, undefined]);
  });
});
