import { describe, expect, it } from 'vitest';
import {
  performBcrypt,
  performMeta,
  runEngine,
  type Engine,
  type MetaRequestEffect,
} from '../../src/auth-engine/effects.js';

const request: MetaRequestEffect = {
  want: 'meta',
  attempt: 1,
  redirects: 0,
  after: 0,
  method: 'GET',
  url: 'http://a/',
  scheme: 'http',
  host: 'a',
  path: '/',
  query: [],
  auth: 'none',
  authorization: undefined,
};

function* both(): Engine<string> {
  const answer = yield* performMeta(request);
  const digest = yield* performBcrypt({ want: 'bcrypt', cost: 4, salt: 's', key: 'k' });
  return `${'status' in answer ? answer.status : answer.error} ${digest}`;
}

const meta = { status: 200, location: '', body: '' };

describe('drive', () => {
  it('gives the engine what it wants, one after the other, at once or later', async () => {
    expect(await runEngine(both(), { meta: () => meta, bcrypt: () => Promise.resolve('digest') })).toBe('200 digest');
    const late = { meta: () => Promise.resolve(meta), bcrypt: () => Promise.resolve('digest') };
    expect(await runEngine(both(), late)).toBe('200 digest');
  });

  it('passes on what a driver throws', async () => {
    const bcrypt = (): Promise<string> => Promise.reject(new Error('too slow'));
    await expect(runEngine(both(), { meta: () => meta, bcrypt })).rejects.toThrow('too slow');
  });

  it('refuses an answer of the wrong kind', () => {
    const asking = performMeta(request);
    asking.next();
    expect(() => asking.next('a digest')).toThrow('answered with a digest');
    const hashing = performBcrypt({ want: 'bcrypt', cost: 4, salt: 's', key: 'k' });
    hashing.next();
    expect(() => hashing.next(meta)).toThrow('answered with a meta answer');
  });
});
