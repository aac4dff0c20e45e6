import { describe, expect, it } from 'vitest';
import { escapeText } from '../../src/model/text.js';
import {
  type Change,
  type ChangeResult,
  describeDone,
  describePlanned,
  describeUnchanged,
  type ExecutionSummary,
  summaryError,
  summaryKind,
} from '../../src/mutations/change.js';
import { createSnapshot, splitNeeded } from '../../src/mutations/snapshot.js';
import { permissions } from '../../src/model/permissions.js';
import { Secret } from '../../src/model/secret.js';
import { type ErrorKind, KapadminError } from '../../src/errors.js';

const scoped = [
  { scope: '', permissions: ['KapacitorAPI'] },
  { scope: 'telegraf', permissions: ['ReadData', 'WriteData'] },
];

describe('a change as text', () => {
  it.each<[Change, string, string, string]>([
    [
      { on: 'user', name: 'ann', action: 'create', password: { from: 'given' } },
      'create user ann',
      'created user ann',
      'user ann already exists',
    ],
    [{ on: 'role', name: 'r', action: 'delete' }, 'delete role r', 'deleted role r', 'role r not found'],
    [
      { on: 'user', name: 'ann', action: 'change-password', password: { from: 'given' } },
      'change the password of user ann',
      'changed the password of user ann',
      'user ann already has this password',
    ],
    [
      { on: 'user', name: 'ann', action: 'add-permissions', permissions: scoped },
      'grant KapacitorAPI, ReadData on telegraf, WriteData on telegraf to user ann',
      'granted KapacitorAPI, ReadData on telegraf, WriteData on telegraf to user ann',
      'user ann already has KapacitorAPI, ReadData on telegraf, WriteData on telegraf',
    ],
    [
      { on: 'role', name: 'r', action: 'remove-permissions', permissions: scoped.slice(0, 1) },
      'revoke KapacitorAPI from role r',
      'revoked KapacitorAPI from role r',
      'role r does not have KapacitorAPI',
    ],
    [
      { on: 'role', name: 'r', action: 'add-users', users: ['ann', 'b b'] },
      'add ann, "b b" to role r',
      'added ann, "b b" to role r',
      'role r already has ann, "b b" as a member',
    ],
    [
      { on: 'role', name: 'r', action: 'remove-users', users: ['ann'] },
      'remove ann from role r',
      'removed ann from role r',
      'role r does not have ann as a member',
    ],
  ])('%#', (change, todo, done, already) => {
    expect([describePlanned(change), describeDone(change), describeUnchanged(change)]).toEqual([todo, done, already]);
  });

  it('is one line when printed, and limits lists', () => {
    const change: Change = { on: 'user', name: 'a\u001b[31m\nb', action: 'delete' };
    expect(escapeText(describePlanned(change))).toBe('delete user "a\\x1b[31m\\x0ab"');
    const users = Array.from({ length: 1_000 }, (_, i) => `u${i}`);
    expect(
      describePlanned({ on: 'role', name: 'x'.repeat(1_000_000), action: 'add-users', users }).length,
    ).toBeLessThan(300);
    const names = Array.from({ length: 1_000 }, (_, i) => `P${i}`);
    const many = { on: 'role', name: 'r', action: 'add-permissions', permissions: [{ scope: '', permissions: names }] };
    expect(describePlanned(many as Change)).toMatch(/P19 and 980 more to role r$/);
  });

  it('has a name for every permission but NoPermissions', () => {
    const all = permissions.map((row) => row.name).filter((name) => name !== 'NoPermissions');
    const change: Change = {
      on: 'user',
      name: 'ann',
      action: 'add-permissions',
      permissions: [
        { scope: '', permissions: all },
        { scope: 'x', permissions: all },
      ],
    };
    expect(describePlanned(change)).toBe('grant all permissions, all permissions on x to user ann');
  });
});

describe('what has to be sent', () => {
  const before = createSnapshot(
    [{ name: 'ann', hash: new Secret(''), permissions: new Map([['telegraf', ['ReadData']]]) }],
    [{ name: 'r', permissions: new Map(), users: ['ann'] }],
  );

  it('is what is not so already', () => {
    const grant: Change = { on: 'user', name: 'ann', action: 'add-permissions', permissions: scoped };
    const revoke: Change = { ...grant, action: 'remove-permissions' };
    const [api, data] = [scoped[0], { scope: 'telegraf', permissions: ['WriteData'] }];
    const has = [{ scope: 'telegraf', permissions: ['ReadData'] }];
    expect(splitNeeded([grant], before)).toEqual({
      needed: [{ ...grant, permissions: [api, data] }],
      unchanged: [{ ...grant, permissions: has }],
    });
    expect(splitNeeded([revoke], before)).toEqual({
      needed: [{ ...revoke, permissions: has }],
      unchanged: [{ ...revoke, permissions: [api, data] }],
    });
    const join: Change = { on: 'role', name: 'r', action: 'add-users', users: ['ann', 'bob'] };
    expect(splitNeeded([join], before)).toEqual({
      needed: [{ ...join, users: ['bob'] }],
      unchanged: [{ ...join, users: ['ann'] }],
    });
  });

  it('is everything for what does not exist yet, and every create, delete and password', () => {
    const changes: Change[] = [
      { on: 'user', name: 'bob', action: 'create', password: { from: 'given' } },
      { on: 'user', name: 'bob', action: 'add-permissions', permissions: scoped },
      { on: 'user', name: 'ann', action: 'change-password', password: { from: 'given' } },
      { on: 'role', name: 'q', action: 'add-users', users: ['ann'] },
      { on: 'role', name: 'r', action: 'delete' },
    ];
    expect(splitNeeded(changes, before)).toEqual({ needed: changes, unchanged: [] });
  });
});

const failed = (name: string, kind: ErrorKind): ChangeResult => ({
  change: { on: 'user', name, action: 'delete' },
  status: 'failed',
  error: new KapadminError(kind, `code-${kind}`, `cannot delete user ${name}`, { hint: `mend ${kind}` }),
});
const unknown = (name: string): ChangeResult => ({ ...failed(name, 'unreachable'), status: 'unknown' }) as ChangeResult;
const other = (name: string, status: 'done' | 'unchanged' | 'not-started'): ChangeResult => ({
  change: { on: 'user', name, action: 'delete' },
  status,
});

function account(...entries: readonly ChangeResult[]): ExecutionSummary {
  return { results: entries };
}

describe('the end of an account', () => {
  it.each<[string, ErrorKind, ExecutionSummary]>([
    ['nothing to do', 'done', account()],
    ['all done', 'done', account(other('a', 'done'), other('b', 'unchanged'))],
    ['one failed', 'refused', account(failed('a', 'refused'))],
    ['several failed in the same way', 'not-found', account(failed('a', 'not-found'), failed('b', 'not-found'))],
    ['several failed in different ways', 'partial', account(failed('a', 'not-found'), failed('b', 'refused'))],
    ['some done, some failed', 'partial', account(other('a', 'done'), failed('b', 'not-found'))],
    ['one name is as wanted, another failed', 'partial', account(other('a', 'unchanged'), failed('b', 'not-found'))],
    ['a part of one name was so already', 'refused', account(other('a', 'unchanged'), failed('a', 'refused'))],
    ['a fate is unknown', 'partial', account(unknown('a'))],
    [
      'one failed, and what needs it was not started',
      'exists',
      account(failed('a', 'exists'), other('a', 'not-started')),
    ],
    ['stopped', 'interrupted', { results: [other('a', 'done'), other('b', 'not-started')], stopped: 'SIGINT' }],
    ['terminated', 'terminated', { results: [other('b', 'not-started')], stopped: 'SIGTERM' }],
    ['hung up', 'hung-up', { results: [unknown('b')], stopped: 'SIGHUP' }],
    ['a bug', 'bug', account(other('a', 'done'), failed('b', 'bug'))],
  ])('%s: %s', (_, end, given) => {
    expect(summaryKind(given)).toBe(end);
  });
});

describe('the failure of an account', () => {
  it('is none where everything is done', () => {
    expect(summaryError(account(other('a', 'done')))).toBeUndefined();
  });

  it('is the error itself where there is one and nothing was done', () => {
    const error = summaryError(account(failed('a', 'refused'), other('a', 'not-started')));
    expect(error).toMatchObject({ kind: 'refused', code: 'code-refused', message: 'cannot delete user a' });
    expect(error?.hint).toBe('mend refused');
  });

  it('counts, and names the first ones', () => {
    const entries = ['a', 'b', 'c', 'd', 'e'].map((name) => failed(name, 'refused'));
    expect(summaryError(account(other('x', 'done'), ...entries))).toMatchObject({
      kind: 'partial',
      code: 'partly-done',
      message: '1 change done, 5 failed: cannot delete user a; cannot delete user b; cannot delete user c; and 2 more',
    });
  });

  it('of a stopped run says what was not started', () => {
    const given: ExecutionSummary = { results: [other('a', 'done'), other('b', 'not-started')], stopped: 'SIGINT' };
    expect(summaryError(given)).toMatchObject({
      code: 'interrupted',
      message: 'stopped by SIGINT: 1 change done, 1 not started: delete user b',
    });
  });

  it('names a fate that stayed unknown', () => {
    expect(summaryError(account(unknown('a')))?.message).toBe('1 change with unknown result: cannot delete user a');
  });
});
