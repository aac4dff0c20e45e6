import { describe, expect, it } from 'vitest';
import * as bootstrap from '../../src/commands/bootstrap.js';
import * as create from '../../src/commands/user/create.js';
import * as remove from '../../src/commands/user/delete.js';
import * as grant from '../../src/commands/user/grant.js';
import * as list from '../../src/commands/user/list.js';
import * as passwd from '../../src/commands/user/passwd.js';
import * as revoke from '../../src/commands/user/revoke.js';
import * as show from '../../src/commands/user/show.js';
import { optionsOf } from './words.js';

describe('the words of user', () => {
  it.each<[string, Parameters<typeof create.run>[0]]>([
    ['ann', { names: ['ann'] }],
    ['ann --password-stdin', { names: ['ann'], passwordStdin: true }],
    ['ann --password-file f', { names: ['ann'], passwordFile: 'f' }],
    ['ann --password-env V', { names: ['ann'], passwordEnv: 'V' }],
    ['a b --generate', { names: ['a', 'b'], generate: true }],
    ['ann --grant P,Q --grant R', { names: ['ann'], grant: ['P', 'Q', 'R'] }],
    ['ann --role r,s --db x --db y --force', { names: ['ann'], role: ['r', 's'], db: ['x', 'y'], force: true }],
    ['ann --if-not-exists', { names: ['ann'], ifNotExists: true }],
    ['--generate -- -ann --bob', { names: ['-ann', '--bob'], generate: true }],
  ])('create %s', async (words, options) => {
    expect(await optionsOf(create.define, words.split(' '))).toEqual(options);
  });

  it.each<[string, Parameters<typeof grant.run>[0]]>([
    ['ann KapacitorAPI', { name: 'ann', permissions: ['KapacitorAPI'] }],
    ['ann P Q --db x --db y', { name: 'ann', permissions: ['P', 'Q'], db: ['x', 'y'] }],
    ['ann Odd --force', { name: 'ann', permissions: ['Odd'], force: true }],
    ['--db x -- -ann P', { name: '-ann', permissions: ['P'], db: ['x'] }],
  ])('grant and revoke %s', async (words, options) => {
    expect(await optionsOf(grant.define, words.split(' '))).toEqual(options);
    expect(await optionsOf(revoke.define, words.split(' '))).toEqual(options);
  });

  it('delete', async () => {
    expect(await optionsOf(remove.define, ['a', 'b'])).toEqual({ names: ['a', 'b'] });
    expect(await optionsOf(remove.define, ['a', '--yes', '--if-exists'])).toEqual({
      names: ['a'],
      yes: true,
      ifExists: true,
    });
  });

  it('list', async () => {
    expect(await optionsOf(list.define, [])).toEqual({});
    const words = ['--permission', 'ReadData', '--role', 'r', '--db', 'x', '--via-role'];
    expect(await optionsOf(list.define, words)).toEqual({ permission: 'ReadData', role: 'r', db: 'x', viaRole: true });
  });

  it('show, passwd', async () => {
    expect(await optionsOf(show.define, ['ann'])).toEqual({ name: 'ann' });
    expect(await optionsOf(passwd.define, ['ann'])).toEqual({ name: 'ann' });
    expect(await optionsOf(passwd.define, ['ann', '--generate'])).toEqual({ name: 'ann', generate: true });
  });

  it('bootstrap', async () => {
    expect(await optionsOf(bootstrap.define, ['admin', '--password-file', 'f'])).toEqual({
      name: 'admin',
      passwordFile: 'f',
    });
  });
});
