import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAccessDecider } from '../../src/access-matrix/decide-access.js';
import { matrixNotes } from '../../src/access-matrix/build.js';
import { roleSentence } from '../../src/model/roles-in-user-records.js';
import type { RolesInUserRecords, User } from '../../src/model/user.js';
import { clusters, matrixOf } from './clusters.js';

const user = (name: string, scopes: Readonly<Record<string, readonly string[]>>): User => ({
  name,
  hash: undefined,
  permissions: new Map(Object.entries(scopes)),
});

describe('the notes of a matrix', () => {
  it('name the users who can create an administrator: those whom Kapacitor lets POST /kapacitor/v1/users', () => {
    const create = createAccessDecider('POST', '/kapacitor/v1/users', false);
    fc.assert(
      fc.property(clusters, (cluster) => {
        const may = cluster.users.filter((one) => create(one)[0]?.allowed);
        const note = matrixNotes(matrixOf(cluster), cluster.users).find((text) => text.includes('administrator'));
        expect(note !== undefined).toBe(may.length > 0);
      }),
      { numRuns: 60 },
    );
    const users = [user('ann', { telegraf: ['KapacitorAPI'] }), user('bob', { '': ['KapacitorConfigAPI'] })];
    const unknown = user('cid', { '': ['KapacitorAPI', 'Nope'] });
    expect(matrixOf({ users: [...users, unknown], roles: [] }, { endpoints: ['/config'] }).notes).toEqual([
      '1 user with KapacitorAPI can create a Kapacitor administrator, who may also use /config (POST /kapacitor/v1/users): ann.',
    ]);
  });

  it('name them all, also those that the filters hide', () => {
    const users = [user('ann', { '': ['KapacitorAPI'] }), user('bob', { '': ['KapacitorAPI', 'KapacitorConfigAPI'] })];
    expect(matrixOf({ users, roles: [] }, { endpoints: ['/config'], only: 'allowed' })).toMatchObject({
      users: [{ name: 'bob' }],
      notes: [
        '2 users with KapacitorAPI can create a Kapacitor administrator, who may also use /config (POST /kapacitor/v1/users): ann, bob. The filters hide 1 of them.',
      ],
    });
  });

  it.each(['yes', 'no', 'unknown'] as const)(
    'verdict 39: say whether role permissions count, where users have roles: %s',
    (fact: RolesInUserRecords) => {
      const roles = [{ name: 'ops', users: ['ann'], permissions: new Map([['', ['KapacitorConfigAPI']]]) }];
      const matrix = matrixOf(
        { users: [user('ann', { '': ['KapacitorConfigAPI'] })], roles },
        { endpoints: ['/config'] },
      );
      expect(matrixNotes({ ...matrix, rolesInUserRecords: fact }, [])).toEqual([roleSentence(fact)]);
    },
  );

  it('verdict 5: agree with can-i on a write without a database', () => {
    const writer = user('ann', { telegraf: ['WriteData'] });
    const [note] = matrixOf({ users: [writer], roles: [] }, { endpoints: ['/write'] }).notes;
    expect(note).toContain('without ?db=NAME (400)');
    expect(createAccessDecider('POST', '/write', false)(writer)).toMatchObject([{ allowed: false, status: 400 }]);
  });
});
