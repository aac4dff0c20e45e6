import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessChanges, type AccessChanges } from '../../../src/access-matrix/access-changes.js';
import type { Change } from '../../../src/mutations/change.js';
import type { Permissions } from '../../../src/model/permissions.js';
import { plainStyle } from '../../../src/output/style.js';
import { accessChangesView, accessLines } from '../../../src/output/views/access.js';
import { changeCases } from '../../access-matrix/change-cases.js';
import { evilNames } from '../../access-matrix/evil.js';
import { printed } from '../printed.js';

type Scopes = Readonly<Record<string, readonly string[]>>;

function grants(name: string, scopes: Scopes, on: 'user' | 'role' = 'user'): Change {
  const permissions = Object.entries(scopes).map(([scope, names]) => ({ scope, permissions: names }));
  return { on, name, action: 'add-permissions', permissions };
}

function users(scopes: Readonly<Record<string, Scopes>>) {
  return new Map(
    Object.entries(scopes).map(([name, own]) => {
      const permissions: Permissions = new Map(Object.entries(own));
      return [name, { name, hash: undefined, permissions }];
    }),
  );
}

const before = {
  users: users({ ann: { '': ['KapacitorAPI'] }, bob: { '': ['WriteData'] }, cid: {} }),
  roles: new Map([['ops', { name: 'ops', permissions: new Map(), users: ['cid'] }]]),
};
const changes: readonly Change[] = [
  { on: 'user', name: 'new', action: 'create' },
  grants('new', { '': ['KapacitorAPI'] }),
  grants('ann', { '': ['KapacitorConfigAPI'] }),
  { on: 'user', name: 'bob', action: 'delete' },
  grants('ops', { '': ['KapacitorAPI'], telegraf: ['ReadData'] }, 'role'),
];

const markdown = (access: AccessChanges): string => accessChangesView.extra?.markdown?.(access) ?? '';
const text = (access: AccessChanges): string => {
  return printed(accessChangesView.text(access, plainStyle));
};

describe('the table of access changes', () => {
  it('says who, what and why in few rows, then what has to be known beside them', () => {
    expect(text(accessChanges(before, changes, 'no'))).toMatchInlineSnapshot(`
      "USER  CHANGE               ACCESS                                BY
      ann   gained               /config                               KapacitorConfigAPI: all privileges on /api/config
      bob   lost (deleted user)  /write, WriteData                     user deleted
      cid   gained               ReadData on telegraf                  role ops
      cid   unchanged            all endpoints except /config, /write  role ops, not in the user record
      new   gained (new user)    all endpoints except /config, /write  KapacitorAPI: all privileges on /api

      Access: 3 users gain, 1 user loses, unchanged for 1 user.
      Kapacitor reads only the user record. This cluster does not copy role permissions into it.
      With KapacitorAPI, new can create a Kapacitor administrator, who may also use /config (POST /kapacitor/v1/users).
      "
    `);
  });

  it('says what is unknown', () => {
    expect(text(accessChanges(before, changes.slice(4), 'unknown'))).toMatchInlineSnapshot(`
      "USER  CHANGE         ACCESS                                BY
      cid   gained         ReadData on telegraf                  role ops
      cid   may be gained  all endpoints except /config, /write  role ops

      Access: 1 user gains, unknown for 1 user.
      Kapacitor reads only the user record. Whether this cluster copies role permissions into it is unknown; check with kapadmin auth test.
      "
    `);
  });

  it('says that nothing changes', () => {
    expect(text(accessChanges(before, [], 'no'))).toBe('No access changes.\n');
  });

  it('names all permissions of an administrator at once', () => {
    const everything = [
      'ViewAdmin,ViewChronograf,CreateDatabase,CreateUserAndRole,AddRemoveNode,DropDatabase,DropData,ReadData,WriteData',
      'Rebalance,ManageShard,ManageContinuousQuery,ManageQuery,ManageSubscription,Monitor,CopyShard',
    ].flatMap((names) => names.split(','));
    expect(text(accessChanges(before, [grants('cid', { '': everything })], 'no'))).toContain(
      'all InfluxDB permissions',
    );
  });
});

describe('the comment of a pull request', () => {
  it('has a summary, a table, and the rest folded', () => {
    expect(markdown(accessChanges(before, changes.slice(2), 'no'))).toMatchInlineSnapshot(`
      "**Access: 2 users gain, 1 user loses, unchanged for 1 user.**

      | user | change | access | by |
      | --- | --- | --- | --- |
      | <code>ann</code> | gained | <code>/config</code> | <code>KapacitorConfigAPI\\: all privileges on /api/config</code> |
      | <code>bob</code> | lost (deleted user) | <code>/write</code>, <code>WriteData</code> | <code>user deleted</code> |
      | <code>cid</code> | gained | <code>ReadData on telegraf</code> | <code>role ops</code> |

      Kapacitor reads only the user record. This cluster does not copy role permissions into it.

      <details>
      <summary>Unchanged for 1 user</summary>

      | user | change | access | by |
      | --- | --- | --- | --- |
      | <code>cid</code> | unchanged | <code>all endpoints except /config, /write</code> | <code>role ops, not in the user record</code> |

      </details>

      <details>
      <summary>Every privilege and permission</summary>

      | user | change | privilege | endpoint or database | by |
      | --- | --- | --- | --- | --- |
      | <code>ann</code> | gained | <code>read</code>, <code>write</code> | <code>/config</code> | <code>KapacitorConfigAPI\\: all privileges on /api/config</code> |
      | <code>bob</code> | lost (deleted user) | <code>read</code>, <code>none</code> | <code>/ping</code> | <code>user deleted</code> |
      | <code>bob</code> | lost (deleted user) | <code>write</code> | <code>/write</code> | <code>user deleted</code> |
      | <code>bob</code> | lost (deleted user) | <code>WriteData</code> | all databases | <code>user deleted</code> |
      | <code>cid</code> | gained | <code>ReadData</code> | <code>telegraf</code> | <code>role ops</code> |
      | <code>cid</code> | unchanged | <code>read</code>, <code>write</code>, <code>delete</code> | <code>/tasks</code> | <code>role ops, not in the user record</code> |
      | <code>cid</code> | unchanged | <code>read</code>, <code>write</code>, <code>delete</code> | <code>/templates</code> | <code>role ops, not in the user record</code> |
      | <code>cid</code> | unchanged | <code>read</code>, <code>delete</code>, <code>write</code> | <code>/recordings</code> | <code>role ops, not in the user record</code> |
      | <code>cid</code> | unchanged | <code>read</code>, <code>write</code>, <code>delete</code> | <code>/replays</code> | <code>role ops, not in the user record</code> |
      | <code>cid</code> | unchanged | <code>read</code>, <code>delete</code>, <code>write</code> | <code>/alerts</code> | <code>role ops, not in the user record</code> |
      | <code>cid</code> | unchanged | <code>read</code>, <code>write</code>, <code>delete</code> | <code>/users</code> | <code>role ops, not in the user record</code> |
      | <code>cid</code> | unchanged | <code>read</code>, <code>write</code> | <code>/service-tests</code> | <code>role ops, not in the user record</code> |
      | <code>cid</code> | unchanged | <code>read</code>, <code>write</code> | <code>/storage</code> | <code>role ops, not in the user record</code> |
      | <code>cid</code> | unchanged | <code>write</code> | <code>/sideload</code> | <code>role ops, not in the user record</code> |
      | <code>cid</code> | unchanged | <code>write</code> | <code>/subscriptions</code> | <code>role ops, not in the user record</code> |
      | <code>cid</code> | unchanged | <code>write</code> | <code>/loglevel</code> | <code>role ops, not in the user record</code> |
      | <code>cid</code> | unchanged | <code>read</code> | <code>/\\:routes</code> | <code>role ops, not in the user record</code> |
      | <code>cid</code> | unchanged | <code>read</code> | <code>/debug</code> | <code>role ops, not in the user record</code> |
      | <code>cid</code> | unchanged | <code>read</code> | <code>/v1preview</code> | <code>role ops, not in the user record</code> |

      </details>
      "
    `);
  });

  it('fits a comment, and says what is left out', () => {
    const many = Array.from({ length: 2000 }, (_, i) => `user${i}`);
    const made = many.flatMap((name, i): Change[] => [
      { on: 'user', name, action: 'create' },
      grants(name, { [`database${i}`]: ['WriteData'] }),
    ]);
    const comment = markdown(accessChanges(before, made, 'no'));
    expect(comment.length).toBeLessThan(65_536);
    expect(comment).toMatch(/^\d+ rows left out: kapadmin plan --access prints all\.$/m);
    expect(comment).toContain('**Access: 2000 users gain.**');
  });

  it('names as many as are read where many users change alike', () => {
    const many = Array.from({ length: 2000 }, (_, i) => `user${i}`);
    const comment = markdown(
      accessChanges(
        before,
        many.map((name): Change => ({ on: 'user', name, action: 'create' })),
        'no',
      ),
    );
    expect(comment).toContain('and 1970 more | gained (new user) | <code>log in</code>');
  });

  it('holds no markup, link or mention of a name, and as many cells in each line', () => {
    const named = evilNames.concat(
      '@octocat',
      'www.example.com',
      'joe@example.com',
      'GH-1',
      '',
      'a\\|b`',
      '</details>',
    );
    const made = named.flatMap((name): Change[] => [
      { on: 'user', name, action: 'create' },
      grants(name, { [name]: ['WriteData', name] }),
      { on: 'role', name, action: 'create' },
      grants(name, { '': ['ReadData'] }, 'role'),
      { on: 'role', name, action: 'add-users', users: named },
    ]);
    const comment = markdown(accessChanges(before, made, 'unknown'));
    expect(comment.match(/<(?!\/?(?:code|details|summary)>|!-- -->)/g)).toBeNull();
    expect(comment.match(/<\/?(?:details|summary)>/g)?.length).toBe(comment.includes('Unchanged for') ? 8 : 4);
    expect(comment).not.toMatch(/(?<!\\)[`[\]]|@(?!<!-- -->)|[\u202e\u200b]/);
    expect(comment).not.toMatch(/(?<!\\):\/\/|www\.(?!<)/);
    const tables = comment.split('\n\n').filter((block) => block.startsWith('|'));
    for (const table of tables) {
      const cells = table
        .trimEnd()
        .split('\n')
        .map((line) => line.replaceAll(/\\./g, '').split('|').length);
      expect(new Set(cells).size).toBe(1);
    }
  });
});

describe('the lines before a question', () => {
  it('are few', () => {
    expect(accessLines(accessChanges(before, changes, 'no'))).toMatchInlineSnapshot(`
      [
        "Access: 3 users gain, 1 user loses, unchanged for 1 user.",
        "  ann: gained: /config",
        "  bob: lost (deleted user): /write, WriteData",
        "  cid: gained: ReadData on telegraf",
        "  new: gained (new user): all endpoints except /config, /write",
      ]
    `);
    const many = Array.from({ length: 30 }, (_, i) => grants('ann', { [`db${i}`]: ['ReadData'] }));
    expect(accessLines(accessChanges(before, many, 'no')).join('\n').length).toBeLessThan(500);
  });
});

describe('JSON', () => {
  it('has each user with each item once', () => {
    fc.assert(
      fc.property(changeCases, ({ cluster, changes: some }) => {
        const json = accessChangesView.json(accessChanges(cluster, some, 'unknown')) as Record<string, object[]>;
        const entries = ['gained', 'lost', 'unknown', 'unchanged'].flatMap((outcome) => json[outcome] ?? []);
        const keys = entries.map((entry) => {
          const { by: _, allowed: __, ...rest } = entry as Record<string, unknown>;
          return JSON.stringify(rest);
        });
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 50 },
    );
  });
});
