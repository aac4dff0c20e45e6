import { describe, expect, it } from 'vitest';
import { type ExecutionSummary, summaryKind, type ChangeResult, summaryError } from '../../src/mutations/summary.js';
import { type ErrorKind, KapadminError } from '../../src/errors.js';

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
      message: '1 done, 5 failed: cannot delete user a; cannot delete user b; cannot delete user c; and 2 more',
    });
  });

  it('of a stopped run says what was not started', () => {
    const given: ExecutionSummary = { results: [other('a', 'done'), other('b', 'not-started')], stopped: 'SIGINT' };
    expect(summaryError(given)).toMatchObject({
      code: 'interrupted',
      message: 'stopped by SIGINT: 1 done, 1 not started: delete user b: not started',
    });
  });

  it('names a fate that stayed unknown', () => {
    expect(summaryError(account(unknown('a')))?.message).toBe('1 unknown: cannot delete user a');
  });
});
