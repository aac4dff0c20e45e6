import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.js';
import { userOfToken } from '../../src/sandbox/token.js';
import { sign } from './ask.js';

const now = Date.parse('2026-01-01T00:00:00Z');
const secrets = { shared: new Secret('common'), internal: new Secret('inner') };
const later = now / 1000 + 300;

describe('a bearer token', () => {
  it.each(['HS256', 'HS384', 'HS512'])('is taken with %s', (alg) => {
    expect(userOfToken(sign({ username: 'johndoe', exp: later }, 'common', alg), secrets, now)).toBe('johndoe');
    expect(userOfToken(sign({ username: '', exp: later }, 'inner', alg), secrets, now)).toBe('');
  });

  it.each([
    ['the secret of the other kind', sign({ username: 'johndoe', exp: later }, 'inner')],
    ['an empty name signed with the shared secret', sign({ username: '', exp: later }, 'common')],
    ['no time of expiry', sign({ username: 'johndoe' }, 'common')],
    ['a time of expiry that is no number', sign({ username: 'johndoe', exp: String(later) }, 'common')],
    ['a time of expiry just passed', sign({ username: 'johndoe', exp: now / 1000 }, 'common')],
    ['a name that is no text', sign({ username: 5, exp: later }, 'common')],
    ['no name', sign({ exp: later }, 'common')],
    ['a fourth segment', `${sign({ username: 'johndoe', exp: later }, 'common')}.x`],
    ['no signature', sign({ username: 'johndoe', exp: later }, 'common').replace(/[^.]*$/, '')],
    ['the algorithm none', `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`],
  ])('is refused with %s', (_, token) => {
    expect(userOfToken(token, secrets, now)).toBeUndefined();
  });

  it('is refused where the secret is empty or not set', () => {
    const token = sign({ username: 'johndoe', exp: later }, '');
    expect(userOfToken(token, { shared: new Secret(''), internal: undefined }, now)).toBeUndefined();
    expect(userOfToken(token, { shared: undefined, internal: undefined }, now)).toBeUndefined();
  });

  it('never makes the check throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fc.base64String()).map((parts) => parts.join('.')),
        ),
        (token) => {
          expect(userOfToken(token, secrets, now)).toBeUndefined();
        },
      ),
    );
  });
});
