import { describe, expect, it } from 'vitest';
import * as addUsers from '../../src/commands/role/add-users.js';
import * as create from '../../src/commands/role/create.js';
import * as remove from '../../src/commands/role/delete.js';
import * as grant from '../../src/commands/role/grant.js';
import * as list from '../../src/commands/role/list.js';
import * as removeUsers from '../../src/commands/role/remove-users.js';
import * as rename from '../../src/commands/role/rename.js';
import * as revoke from '../../src/commands/role/revoke.js';
import * as show from '../../src/commands/role/show.js';
import { optionsOf } from './words.js';

describe('the words of role', () => {
  it.each<[string, Parameters<typeof create.run>[0]]>([
    ['r', { names: ['r'] }],
    ['r s --if-not-exists', { names: ['r', 's'], ifNotExists: true }],
    [
      'r --grant P,Q --db x --user ann,bob --force',
      { names: ['r'], grant: ['P', 'Q'], db: ['x'], user: ['ann', 'bob'], force: true },
    ],
  ])('create %s', async (words, options) => {
    expect(await optionsOf(create.define, words.split(' '))).toEqual(options);
  });

  it('grant and revoke', async () => {
    const words = ['r', 'P', 'Q', '--db', 'x', '--force'];
    const options = { name: 'r', permissions: ['P', 'Q'], db: ['x'], force: true };
    expect(await optionsOf(grant.define, words)).toEqual(options);
    expect(await optionsOf(revoke.define, words)).toEqual(options);
  });

  it('add-users and remove-users', async () => {
    const options = { name: 'r', users: ['ann', 'bob'] };
    expect(await optionsOf(addUsers.define, ['r', 'ann', 'bob'])).toEqual(options);
    expect(await optionsOf(removeUsers.define, ['r', 'ann', 'bob'])).toEqual(options);
  });

  it('delete, rename, show, list', async () => {
    expect(await optionsOf(remove.define, ['r', 's', '--yes', '--if-exists'])).toEqual({
      names: ['r', 's'],
      yes: true,
      ifExists: true,
    });
    expect(await optionsOf(rename.define, ['old', 'new'])).toEqual({ old: 'old', new: 'new' });
    expect(await optionsOf(show.define, ['r'])).toEqual({ name: 'r' });
    expect(await optionsOf(list.define, [])).toEqual({});
  });
});
