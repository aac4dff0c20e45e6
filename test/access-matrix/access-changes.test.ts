import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccessChange, accessChanges, type AccessChanges } from '../../src/access-matrix/access-changes.js';
import { buildMatrix } from '../../src/access-matrix/build.js';
import { type Matrix, noFilters } from '../../src/access-matrix/matrix.js';
import { databaseResource } from '../../src/auth-engine/privileges.js';
import { type CurrentState, stateAfter } from '../../src/desired-state/desired-state.js';
import { toBinary } from '../../src/go-compat/utf8.js';
import { holdsPermission, isKapacitorPermission, type Permissions } from '../../src/model/permissions.js';
import { effectivePermissions, type RolesInUserRecords } from '../../src/model/user.js';
import { rolesInUserRecords } from '../../src/model/roles-in-user-records.js';
import type { Change } from '../../src/mutations/change.js';
import { changeCases, permissionNames, scopes, userNames } from './change-cases.js';

/** What a node reads out that copies role permissions into user records. */
function copied({ users, roles }: CurrentState): CurrentState {
  return {
    roles,
    users: new Map(
      [...users].map(([name, user]) => {
        const all = new Map<string, Set<string>>();
        const own = [...roles.values()].filter((role) => role.users.includes(name));
        for (const { permissions: one } of [user, ...own]) {
          for (const [scope, names] of one) {
            all.set(scope, new Set([...(all.get(scope) ?? []), ...names]));
          }
        }
        return [name, { ...user, permissions: new Map([...all].map(([scope, names]) => [scope, [...names]])) }];
      }),
    ),
  };
}

function matrixOf({ users, roles }: CurrentState): Matrix {
  const found = { users: [...users.values()], roles: [...roles.values()] };
  return buildMatrix({ ...found, made: '2026-11-30T00:00:00.000Z', cluster: [], rolesInUserRecords: 'no' }, noFilters);
}

interface Column {
  readonly endpoint: string;
  readonly privilege: string;
  readonly database?: string;
  allows(matrix: Matrix, user: string): boolean;
}

/** The columns of every matrix of these tests. */
function columnsOf(matrix: Matrix): readonly Column[] {
  const rowOf = (one: Matrix, user: string) => one.rows[one.users.find(({ name }) => name === user)?.row ?? -1];
  const endpoints = matrix.endpoints.map(({ group, needed }, i): Column => ({
    endpoint: `/${group}`,
    privilege: needed,
    allows: (one, user) => one.reasons[rowOf(one, user)?.endpoints[i] ?? -1]?.allowed === true,
  }));
  const writes = ['', ...scopes.slice(1)].map((database): Column => ({
    endpoint: '/write',
    privilege: 'write',
    database,
    allows: (one, user) => {
      const row = rowOf(one, user);
      const resource = databaseResource(toBinary(database));
      const place = one.databases.findIndex((name) => databaseResource(toBinary(name)) === resource);
      const reason = (database === '' ? undefined : row?.writes.own.get(place)) ?? row?.writes.others;
      return one.reasons[reason ?? -1]?.allowed === true;
    },
  }));
  return [...endpoints, ...writes];
}

/** What is told of a user: by privilege and endpoint, or the resource of a database. */
function toldOf({ changes }: AccessChanges, user: string): ReadonlyMap<string, AccessChange> {
  const told = new Map<string, AccessChange>();
  for (const change of changes.filter(({ users }) => users.includes(user))) {
    for (const item of change.items) {
      if (!('endpoint' in item)) continue;
      const named = /^\/write\?db=(.*)$/.exec(item.endpoint)?.[1];
      const place = named === undefined ? item.endpoint : databaseResource(toBinary(decodeURIComponent(named)));
      const key = `${item.privilege}:${place}`;
      if (told.get(key)?.outcome !== undefined && told.get(key)?.outcome !== change.outcome) {
        throw new Error(`${user}: two outcomes of ${key}`);
      }
      told.set(key, change);
    }
  }
  return told;
}

/** The change that tells of a column: for a write to a database that of `/write` if it has none of its own. */
function changeOf(told: ReadonlyMap<string, AccessChange>, { privilege, database = '', endpoint }: Column) {
  const own = database === '' ? undefined : told.get(`write:${databaseResource(toBinary(database))}`);
  return own ?? told.get(`${privilege}:${endpoint}`);
}

/** Whether the outcome fits what was before and is after; undefined stands for no outcome. */
function fits(outcome: AccessChange['outcome'] | undefined, isOwn: boolean, was: boolean, is: boolean): boolean {
  switch (outcome) {
    case 'gained':
      return is && (!was || !isOwn);
    case 'lost':
      return !is && (was || !isOwn);
    case 'unknown':
      return true;
    case 'unchanged':
    case undefined:
      return was === is;
  }
}

function expectTruth(read: CurrentState, really: CurrentState, changes: readonly Change[], fact: RolesInUserRecords) {
  const found = accessChanges(read, changes, fact);
  const [was, is] = [matrixOf(read), matrixOf(really)];
  const wrong: unknown[] = [];
  const columns = columnsOf(was);
  for (const user of userNames) {
    const told = toldOf(found, user);
    for (const column of columns) {
      const change = changeOf(told, column);
      const [before, after] = [column.allows(was, user), column.allows(is, user)];
      const isOwn = (column.database ?? '') === '';
      if (!fits(change?.outcome, isOwn, before, after)) wrong.push({ user, column, before, after, change });
      if (isOwn && change !== undefined && change.allowed !== before) wrong.push({ user, column, change });
    }
    const effective = (state: CurrentState): Permissions => {
      const record = state.users.get(user);
      const all = new Map<string, string[]>();
      for (const { scope, permission } of record ? effectivePermissions(record, state.roles.values(), 'no') : []) {
        all.set(scope, [...(all.get(scope) ?? []), permission]);
      }
      return all;
    };
    for (const name of permissionNames.filter((one) => !isKapacitorPermission(one))) {
      for (const scope of scopes) {
        const [before, after] = [read, really].map((state) => holdsPermission(effective(state), name, scope));
        const about = (where: string) =>
          found.changes.find(
            ({ users, items }) =>
              users.includes(user) &&
              items.some((item) => 'database' in item && item.database === where && item.privilege === name),
          );
        const change = about(scope) ?? about('');
        const isOwn = change === about(scope) || scope === '';
        if (!fits(change?.outcome, isOwn, before === true, after === true)) {
          wrong.push({ user, scope, name, before, after, change });
        }
      }
    }
  }
  expect(wrong).toEqual([]);
  return found;
}

describe('what changes do to access', () => {
  it('is the difference of the matrices before and after, where role permissions stay out of user records', () => {
    fc.assert(
      fc.property(changeCases, ({ cluster, changes }) => {
        const found = expectTruth(cluster, stateAfter(cluster, changes), changes, 'no');
        expect(found.changes.filter(({ outcome }) => outcome === 'unknown')).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('says nothing wrong, whether a cluster copies role permissions and whether that is known', () => {
    fc.assert(
      fc.property(changeCases, fc.boolean(), fc.boolean(), ({ cluster, changes }, isCopying, isKnown) => {
        const see = isCopying ? copied : (state: CurrentState): CurrentState => state;
        const read = see(cluster);
        const probed = isKnown ? (isCopying ? 'yes' : 'no') : 'unknown';
        const fact = rolesInUserRecords(read.users.values(), read.roles.values(), probed);
        expectTruth(read, see(stateAfter(cluster, changes)), changes, fact);
      }),
      { numRuns: 200 },
    );
  });
});

type Scopes = Readonly<Record<string, readonly string[]>>;

function state(users: Readonly<Record<string, Scopes>>, roles: Readonly<Record<string, [Scopes, string[]]>> = {}) {
  return {
    users: new Map(
      Object.entries(users).map(([name, scoped]) => {
        return [name, { name, hash: undefined, permissions: new Map(Object.entries(scoped)) }];
      }),
    ),
    roles: new Map(
      Object.entries(roles).map(([name, [scoped, members]]) => {
        return [name, { name, permissions: new Map(Object.entries(scoped)), users: members }];
      }),
    ),
  };
}

const grant = (name: string, scope: string, ...permissions: string[]): Change => ({
  on: 'user',
  name,
  action: 'add-permissions',
  permissions: [{ scope, permissions }],
});
const revoke = (name: string, scope: string, ...permissions: string[]): Change => ({
  on: 'user',
  name,
  action: 'remove-permissions',
  permissions: [{ scope, permissions }],
});
const ofRole = (change: Change): Change => ({ ...change, on: 'role' }) as Change;

/** A line for each change: outcome, users, how many items or which, and what decides. */
function lines({ changes }: AccessChanges): readonly string[] {
  return changes.map(({ outcome, users, items, by, allowed }) => {
    const named = items.map((item) => `${item.privilege}:${'endpoint' in item ? item.endpoint : item.database}`);
    const what = named.length > 4 ? `${named.length} items` : named.join(' ');
    const now = outcome === 'unknown' || outcome === 'unchanged' ? ` (${allowed ? 'has' : 'lacks'} it)` : '';
    return `${outcome} ${users.join()}: ${what}${now}: ${by}`;
  });
}

describe('an access change', () => {
  it('names the rule and the permission that decide', () => {
    const cluster = state({ ann: { '': ['KapacitorAPI'] } });
    expect(lines(accessChanges(cluster, [grant('ann', '', 'KapacitorConfigAPI')], 'no'))).toEqual([
      'gained ann: read:/config write:/config: KapacitorConfigAPI: all privileges on /api/config',
    ]);
  });

  it('of a user that is created or deleted counts', () => {
    const cluster = state({ ann: { telegraf: ['WriteData'] } });
    const changes: Change[] = [
      { on: 'user', name: 'ann', action: 'delete' },
      { on: 'user', name: 'bob', action: 'create' },
    ];
    expect(lines(accessChanges(cluster, changes, 'no'))).toEqual([
      'lost ann: read:/ping none:/ping write:/write?db=telegraf WriteData:telegraf: user deleted',
      'gained bob: none:/ping: nothing needed',
    ]);
  });

  it('verdict 3: a revoked permission that another database keeps changes nothing', () => {
    const cluster = state({ eve: { '': ['KapacitorAPI'], telegraf: ['KapacitorAPI'] } });
    expect(lines(accessChanges(cluster, [revoke('eve', '', 'KapacitorAPI')], 'no'))).toEqual([
      'unchanged eve: 28 items (has it): KapacitorAPI on telegraf: all privileges on /api',
    ]);
  });

  it('is a loss where a narrower grant hides a wider one from Kapacitor', () => {
    const cluster = state({ ann: { '': ['WriteData'] } });
    expect(lines(accessChanges(cluster, [grant('ann', 'telegraf', 'ReadData')], 'no'))).toEqual([
      'gained ann: ReadData:telegraf: direct',
      'lost ann: write:/write?db=telegraf: read on database "telegraf" (was WriteData)',
    ]);
  });

  it('tells a database by itself where it fares otherwise than all others', () => {
    const cluster = state({ ann: { telegraf: ['WriteData'] } });
    const changes = [
      grant('ann', '', 'WriteData'),
      grant('ann', 'telegraf', 'ReadData'),
      revoke('ann', 'telegraf', 'WriteData'),
    ];
    expect(lines(accessChanges(cluster, changes, 'no'))).toEqual([
      'gained ann: write:/write: WriteData: write on all databases',
      'gained ann: ReadData:telegraf WriteData:: direct',
      'lost ann: write:/write?db=telegraf: read on database "telegraf" (was WriteData on telegraf)',
      'unchanged ann: WriteData:telegraf (has it): direct on all databases',
    ]);
  });

  it('tells an unknown permission, which ends every login', () => {
    const cluster = state({ ann: { '': ['ReadData'] } });
    expect(lines(accessChanges(cluster, [grant('ann', '', 'Nope')], 'no'))).toEqual([
      'gained ann: Nope:: direct',
      'lost ann: read:/ping none:/ping: Kapacitor rejects every login of this user: it does not know the permission Nope',
    ]);
  });

  it('is by database: what all databases give already is no gain, and what one keeps no loss', () => {
    const cluster = state({ ann: { '': ['ReadData'] }, bob: { '': ['ReadData'], telegraf: ['ReadData'] } });
    const changes = [grant('ann', 'telegraf', 'ReadData'), revoke('bob', '', 'ReadData')];
    expect(lines(accessChanges(cluster, changes, 'no'))).toEqual([
      'unchanged ann: ReadData:telegraf (has it): direct, direct on all databases',
      'lost bob: ReadData:: was direct',
      'unchanged bob: ReadData:telegraf (has it): direct',
    ]);
  });
});

describe('verdict 39: a permission of a role', () => {
  const member = state({ ann: {} }, { ops: [{}, ['ann']] });
  const change = ofRole(grant('ops', '', 'KapacitorConfigAPI', 'ReadData'));

  it('changes nothing in Kapacitor where the cluster does not copy it, and counts in InfluxDB', () => {
    expect(lines(accessChanges(member, [change], 'no'))).toEqual([
      'gained ann: ReadData:: role ops',
      'unchanged ann: read:/config write:/config (lacks it): role ops, not in the user record',
    ]);
  });

  it('counts where the cluster copies it', () => {
    expect(lines(accessChanges(member, [change], 'yes'))).toEqual([
      'gained ann: read:/config write:/config: KapacitorConfigAPI by role ops: all privileges on /api/config',
      'gained ann: read:/ping: KapacitorConfigAPI by role ops, ReadData by role ops: all privileges on /api/ping',
      'gained ann: ReadData:: role ops',
    ]);
  });

  it('may count where that is unknown', () => {
    expect(lines(accessChanges(member, [change], 'unknown'))).toEqual([
      'gained ann: ReadData:: role ops',
      'unknown ann: read:/config write:/config read:/ping (lacks it): role ops',
    ]);
  });

  it('that the record has too may be granted twice: whether its end takes anything is unknown', () => {
    const both = state({ ann: { '': ['KapacitorConfigAPI'] } }, { ops: [{ '': ['KapacitorConfigAPI'] }, ['ann']] });
    const end = [ofRole(revoke('ops', '', 'KapacitorConfigAPI'))];
    const unknown = 'unknown ann: read:/config write:/config read:/ping (has it): role ops';
    expect(lines(accessChanges(both, end, 'yes'))).toEqual([unknown]);
    expect(lines(accessChanges(both, end, 'unknown'))).toEqual([unknown]);
    const kept = grant('ann', '', 'KapacitorConfigAPI');
    expect(lines(accessChanges(both, [kept, ...end], 'yes'))).toEqual([
      'unchanged ann: read:/config write:/config (has it): KapacitorConfigAPI: all privileges on /api/config',
    ]);
    expect(lines(accessChanges(both, end, 'no'))).toEqual([
      'unchanged ann: read:/config write:/config (has it): KapacitorConfigAPI: all privileges on /api/config',
    ]);
  });

  it('is the same for all members: one change names them all', () => {
    const cluster = state({ ann: {}, bob: {}, cid: {} }, { ops: [{}, ['cid', 'ann', 'bob']] });
    const [first] = accessChanges(cluster, [ofRole(grant('ops', 'telegraf', 'ReadData'))], 'no').changes;
    expect(first?.users).toEqual(['ann', 'bob', 'cid']);
  });
});
