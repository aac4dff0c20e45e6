import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.js';
import { compareStart, compareStep, type StepResult } from '../../src/scenario/scenario.js';

const user = { method: 'GET', path: '/user', query: { name: 'johndoe' }, auth: 'basic' } as const;

const denied: StepResult = {
  verdict: 'deny',
  status: 401,
  message: 'authorization failed',
  location: null,
  metaRequests: [user],
  retriedUntilTimeout: false,
};

function keys(expectation: Parameters<typeof compareStep>[0], outcome: StepResult = denied): string[] {
  return compareStep(expectation, outcome).map(({ key }) => key);
}

describe('an expectation', () => {
  it('that says nothing is met', () => {
    expect(keys({})).toEqual([]);
    expect(keys({ verdict: undefined } as never)).toEqual([]);
  });

  it('is met key by key', () => {
    const { verdict, status, message, location, retriedUntilTimeout } = denied;
    expect(verdict).toBe('deny');
    expect(keys({ verdict: 'deny', status, message, location, metaRequests: [user], retriedUntilTimeout })).toEqual([]);
    expect(keys({ verdict: 'allow', status: 403, message: 'x', location: '/', retriedUntilTimeout: true })).toEqual([
      'verdict',
      'status',
      'message',
      'location',
      'retriedUntilTimeout',
    ]);
  });

  it('of null is that there is none', () => {
    expect(keys({ message: null, status: null, location: null })).toEqual(['message', 'status']);
    expect(keys({ messageStarts: null })).toEqual([]);
  });

  it('of a beginning is met by any end', () => {
    expect(keys({ messageStarts: 'authorization' })).toEqual([]);
    expect(keys({ messageStarts: 'failed' })).toEqual(['messageStarts']);
    expect(keys({ messageStarts: 'x' }, { ...denied, message: null })).toEqual(['messageStarts']);
  });

  it('shows expected and actual side by side', () => {
    expect(compareStep({ status: 403, messageStarts: 'user ' }, denied)).toEqual([
      { key: 'status', expected: 403, actual: 401 },
      { key: 'messageStarts', expected: 'user ', actual: 'authorization failed' },
    ]);
  });
});

describe('expected requests to the meta node', () => {
  const requests = (...metaRequests: readonly object[]): string[] => keys({ metaRequests });

  it('are as many, in their order', () => {
    expect(requests(user)).toEqual([]);
    expect(requests()).toEqual(['metaRequests']);
    expect(requests(user, user)).toEqual(['metaRequests']);
    const two = { ...denied, metaRequests: [user, { ...user, path: '/authorized' }] };
    expect(keys({ metaRequests: [{ path: '/authorized' }, { path: '/user' }] }, two)).toEqual(['metaRequests']);
  });

  it('are compared by the keys that are given', () => {
    expect(requests({})).toEqual([]);
    expect(requests({ path: '/user' })).toEqual([]);
    expect(requests({ auth: 'bearer' })).toEqual(['metaRequests']);
    expect(requests({ method: 'POST' })).toEqual(['metaRequests']);
    expect(requests({ query: { name: 'janedoe' } })).toEqual(['metaRequests']);
    expect(requests({ query: {} })).toEqual(['metaRequests']);
    expect(requests({ query: { name: 'johndoe', more: '' } })).toEqual(['metaRequests']);
  });

  it('are compared before passwords are masked, and shown masked', () => {
    const query = { name: 'a', password: new Secret('s3cret') };
    const asked: StepResult = { ...denied, metaRequests: [{ ...user, path: '/authorized', query }] };
    expect(keys({ metaRequests: [{ query: { name: 'a', password: 's3cret' } }] }, asked)).toEqual([]);
    const [mismatch] = compareStep({ metaRequests: [{ query: { name: 'a', password: 'oth3r' } }] }, asked);
    const shown = JSON.stringify(mismatch);
    expect(shown).toContain('***');
    expect(shown).not.toMatch(/s3cret|oth3r/);
  });
});

describe('whether the daemon starts', () => {
  const refused = { starts: false, message: 'create server: x' };

  it.each([
    [{}, []],
    [{ starts: false }, []],
    [{ starts: true }, ['starts']],
    [{ starts: false, message: 'create server: x' }, []],
    [{ message: 'create server: y' }, ['message']],
    [{ starts: true, message: null }, ['starts', 'message']],
  ])('%j: %j', (expectation, found) => {
    expect(compareStart(expectation, refused).map(({ key }) => key)).toEqual(found);
  });

  it('reports only the line of a syntax error', () => {
    const same = (expected: string, message: string): boolean =>
      compareStart({ message: expected }, { starts: false, message }).length === 0;
    expect(same('parse config: toml: line 2: a', 'parse config: toml: line 2: b')).toBe(true);
    expect(same('parse config: toml: line 2: a', 'parse config: toml: line 3: a')).toBe(false);
    expect(same('parse config: toml: line 2 (last key "a"): b', 'parse config: toml: line 2 (last key "a"): c')).toBe(
      false,
    );
    expect(same('parse config: toml: line 2: a', 'parse config: toml: line 2 (last key "a"): a')).toBe(false);
  });
});
