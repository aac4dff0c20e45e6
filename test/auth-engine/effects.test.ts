import { describe, expect, it } from 'vitest';
import { askBcrypt, askMeta, drive, type Engine, type MetaRequest } from '../../src/auth-engine/effects.js';

const request: MetaRequest = {
  want: 'meta',
  attempt: 1,
  hop: 0,
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
  const answer = yield* askMeta(request);
  const digest = yield* askBcrypt({ want: 'bcrypt', cost: 4, salt: 's', key: 'k' });
  return `${'status' in answer ? answer.status : answer.error} ${digest}`;
}

const meta = { status: 200, location: '', body: '' };

describe('drive', () => {
  it('gives the engine what it wants, one after the other, at once or later', async () => {
    expect(await drive(both(), { meta: () => meta, bcrypt: () => Promise.resolve('digest') })).toBe('200 digest');
    const late = { meta: () => Promise.resolve(meta), bcrypt: () => Promise.resolve('digest') };
    expect(await drive(both(), late)).toBe('200 digest');
  });

  it('passes on what a driver throws', async () => {
    const bcrypt = (): Promise<string> => Promise.reject(new Error('too slow'));
    await expect(drive(both(), { meta: () => meta, bcrypt })).rejects.toThrow('too slow');
  });

  it('refuses an answer of the wrong kind', () => {
    const asking = askMeta(request);
    asking.next();
    expect(() => asking.next('a digest')).toThrow('answered with a digest');
    const hashing = askBcrypt({ want: 'bcrypt', cost: 4, salt: 's', key: 'k' });
    hashing.next();
    expect(() => hashing.next(meta)).toThrow('answered with a meta answer');
  });
});
