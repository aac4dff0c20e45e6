import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signWithSecret, verifyToken } from '../../src/auth-engine/jwt.js';
import { metaToken } from '../../src/auth-engine/meta-lookup.js';
import { token } from './engine.js';

const now = 1_800_000_000;
const secret = 'shared';
const good = { username: 'johndoe', exp: now + 60 };

function b64(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64url');
}

/** The message of a token that is refused, or the user of one that is not. */
function told(text: string, key = secret): string {
  const verdict = verifyToken(text, key, now);
  return verdict.ok ? `user ${verdict.username}` : verdict.message;
}

function check(text: string): number {
  const verdict = verifyToken(text, secret, now);
  return verdict.ok ? 0 : verdict.check;
}

const header = b64('{"alg":"HS256"}');
const claims = b64(JSON.stringify(good));
const signature = token(good, secret, { alg: 'HS256' }).split('.')[2]!;

describe('a token that is signed with the shared secret', () => {
  it.each(['HS256', 'HS384', 'HS512'])('by %s is accepted', (alg) => {
    const verdict = verifyToken(token(good, secret, { alg }), secret, now);
    expect(verdict).toEqual({ ok: true, username: 'johndoe', expires: now + 60, algorithm: alg });
  });

  it('with the empty key is accepted where the secret is empty, and only there', () => {
    expect(told(token(good, ''), '')).toBe('user johndoe');
    expect(told(token(good, ''), 'x')).toBe('invalid token: signature is invalid');
  });

  it('may be keyed by any bytes', () => {
    const key = Buffer.from([0xff, 0, 0x80]);
    const signed = `${header}.${claims}`;
    const mac = createHmac('sha256', key).update(signed).digest('base64url');
    expect(told(`${signed}.${mac}`, '\u00ff\0\u0080')).toBe('user johndoe');
  });

  it('may have other claims, and odd last bits', () => {
    expect(told(token({ ...good, aud: ['x'], more: { deep: [1, null] } }, secret))).toBe('user johndoe');
    expect(told(token({ ...good, username: 'j\u00f6' }, secret))).toBe('user j\u00c3\u00b6');
  });

  it('counts the last of repeated claims, and ignores text after them', () => {
    expect(told(token(`{"username":"a","exp":${now + 1},"username":"b"}`, secret))).toBe('user b');
    expect(told(token(`{"username":"a","exp":${now + 1}} trailing`, secret))).toBe('user a');
    expect(told(token(`{"Username":"a","exp":${now + 1}}`, secret))).toBe('username in token must be a string');
  });
});

describe('check 1: segments', () => {
  it.each(['', 'a', 'a.b', 'a.b.c.d', '.', '...'])('of %j', (text) => {
    expect(told(text)).toBe('invalid token: token contains an invalid number of segments');
    expect(check(text)).toBe(1);
  });
});

describe('check 2: the header', () => {
  it.each([
    ['!', 'illegal base64 data at input byte 0'],
    ['YWJj=', 'illegal base64 data at input byte 4'],
    ['A', 'illegal base64 data at input byte 0'],
    ['', 'unexpected end of JSON input'],
    [b64('{} x'), "invalid character 'x' after top-level value"],
    [b64('nope'), "invalid character 'o' in literal null (expecting 'u')"],
    [b64('[]'), 'json: cannot unmarshal array into Go value of type map[string]interface {}'],
    [b64('"x"'), 'json: cannot unmarshal string into Go value of type map[string]interface {}'],
    [b64('true'), 'json: cannot unmarshal bool into Go value of type map[string]interface {}'],
    [b64('{"a":1e999}'), 'json: cannot unmarshal number 1e999 into Go value of type float64'],
  ])('%j comes before the claims: %s', (head, message) => {
    expect(told(`${head}.!.!`)).toBe(`invalid token: ${message}`);
    expect(check(`${head}.!.!`)).toBe(2);
  });

  it('of a token that begins with bearer is detected by its words', () => {
    expect(told('bearer x.y.z')).toBe("invalid token: tokenstring should not contain 'bearer '");
    expect(told('BEARER x.y.z')).toBe("invalid token: tokenstring should not contain 'bearer '");
    expect(told('bearer x')).toBe('invalid token: token contains an invalid number of segments');
  });
});

describe('check 3: the claims', () => {
  it.each([
    ['!', 'illegal base64 data at input byte 0'],
    ['AAAAA', 'illegal base64 data at input byte 4'],
    ['', 'EOF'],
    [b64('{'), 'unexpected EOF'],
    [b64('[]'), 'json: cannot unmarshal array into Go value of type jwt.MapClaims'],
    [b64('{"x":[{"y":-1e400}]}'), 'json: cannot unmarshal number -1e400 into Go value of type float64'],
    [b64('{"x":[1e400],"y":-1e400}'), 'json: cannot unmarshal number 1e400 into Go value of type float64'],
  ])('%j come before the method: %s', (body, message) => {
    expect(told(`${b64('{}')}.${body}.!`)).toBe(`invalid token: ${message}`);
    expect(check(`${b64('{}')}.${body}.!`)).toBe(3);
  });
});

describe('checks 4 and 5: the method', () => {
  it.each([[{}], [{ alg: null }], [{ alg: 5 }], [{ alg: ['HS256'] }], [{ Alg: 'HS256' }]])('%j names none', (head) => {
    expect(told(`${b64(JSON.stringify(head))}.${claims}.!`)).toBe(
      'invalid token: signing method (alg) is unspecified.',
    );
    expect(check(`${b64(JSON.stringify(head))}.${claims}.!`)).toBe(4);
  });

  it('null is a header without one', () => {
    expect(told(`${b64('null')}.${claims}.!`)).toBe('invalid token: signing method (alg) is unspecified.');
  });

  it.each(['hs256', 'HS1', '', 'None', 'toString', '__proto__'])('%j is unknown', (alg) => {
    const head = b64(JSON.stringify({ alg }));
    expect(told(`${head}.${claims}.!`)).toBe('invalid token: signing method (alg) is unavailable.');
    expect(check(`${head}.${claims}.!`)).toBe(4);
  });

  const others = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'none'];
  it.each(others)('%s is no HMAC, and reported before the signature', (alg) => {
    const head = b64(JSON.stringify({ alg }));
    expect(told(`${head}.${claims}.!`)).toBe(`invalid token: unexpected signing method: ${alg}`);
    expect(check(`${head}.${claims}.`)).toBe(5);
  });
});

describe('check 6: the signature', () => {
  it('must decode', () => {
    expect(told(`${header}.${claims}.!`)).toBe('invalid token: illegal base64 data at input byte 0');
    expect(told(`${header}.${claims}.${signature}=`)).toBe('invalid token: illegal base64 data at input byte 43');
    expect(check(`${header}.${claims}.!`)).toBe(6);
  });

  it.each([
    ['', 'an empty one'],
    ['AAAA', 'a short one'],
    ['A'.repeat(43), 'another one'],
  ])('%j (%s) must fit', (given) => {
    expect(told(`${header}.${claims}.${given}`)).toBe('invalid token: signature is invalid');
  });

  it('is over header and claims as they were sent', () => {
    const other = `${header}.${b64(`${JSON.stringify(good)} `)}.${signature}`;
    expect(told(other)).toBe('invalid token: signature is invalid');
    expect(told(`${b64('{"alg":"HS512"}')}.${claims}.${signature}`)).toBe('invalid token: signature is invalid');
  });

  it('is reported before expiry', () => {
    expect(told(`${header}.${b64('{"exp":1}')}.AAAA`)).toBe('invalid token: signature is invalid');
  });
});

const expired = 'invalid token: Token is expired';
const early = 'invalid token: Token is not valid yet';
const issued = 'invalid token: Token used before issued';

describe('check 7: times in whole seconds', () => {
  it.each<[string, unknown, string]>([
    ['exp', now + 1, 'user johndoe'],
    ['exp', now + 1.5, 'user johndoe'],
    ['exp', now, expired],
    ['exp', now + 0.9, expired],
    ['exp', now - 1, expired],
    ['exp', -1, expired],
    ['exp', -0.5, expired],
    ['exp', '2100000000', expired],
    ['exp', null, expired],
    ['exp', true, expired],
    ['exp', [], expired],
    ['exp', {}, expired],
    ['exp', 9.2e18, 'user johndoe'],
    ['exp', 2 ** 63, expired],
    ['exp', 1e300, expired],
    ['nbf', now, 'user johndoe'],
    ['nbf', now + 0.9, 'user johndoe'],
    ['nbf', now + 1, early],
    ['nbf', 0, 'user johndoe'],
    ['nbf', '1', early],
    ['nbf', null, early],
    ['nbf', 1e300, 'user johndoe'],
    ['nbf', 9.2e18, early],
    ['nbf', -1e300, 'user johndoe'],
    ['iat', now, 'user johndoe'],
    ['iat', now + 1, issued],
    ['iat', 0, 'user johndoe'],
    ['iat', false, issued],
    ['iat', null, issued],
  ])('%s %j: %s', (name, value, message) => {
    expect(told(token({ ...good, [name]: value }, secret))).toBe(message);
  });

  it('reports nbf before iat, and iat before exp', () => {
    const all = { username: 'johndoe', nbf: now + 9, iat: now + 9, exp: 1 };
    expect(told(token(all, secret))).toBe(early);
    expect(told(token({ ...all, nbf: 1 }, secret))).toBe(issued);
    expect(told(token({ ...all, nbf: 1, iat: 1 }, secret))).toBe(expired);
    expect(check(token(all, secret))).toBe(7);
  });
});

describe('check 8: an expiry', () => {
  it.each([{ username: 'johndoe' }, { username: 'johndoe', exp: 0 }, {}])('%j has none', (given) => {
    expect(told(token(given, secret))).toBe('token expiration required');
    expect(check(token(given, secret))).toBe(8);
  });

  it('is missing in null claims', () => {
    expect(told(token('null', secret))).toBe('token expiration required');
    expect(told(token(`{"exp":-0,"username":"a"}`, secret))).toBe('token expiration required');
  });
});

describe('check 9: a user', () => {
  it.each([[undefined], [null], [5], [['johndoe']]])('%j is no text', (username) => {
    expect(told(token({ exp: now + 1, username }, secret))).toBe('username in token must be a string');
    expect(check(token({ exp: now + 1, username }, secret))).toBe(9);
  });

  it('must not be empty', () => {
    expect(told(token({ exp: now + 1, username: '' }, secret))).toBe('token must contain a username');
  });
});

describe('any token', () => {
  it('is judged, never thrown at', () => {
    const bytes = fc.uint8Array({ maxLength: 20 }).map((given) => Buffer.from(given).toString('latin1'));
    const segment = fc.oneof(bytes, bytes.map(b64), fc.json().map(b64), fc.constantFrom(header, claims, signature));
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 4 }), (segments) => {
        const verdict = verifyToken(segments.join('.'), secret, now);
        if (!verdict.ok) expect(verdict.check).toBeGreaterThan(0);
      }),
    );
  });
});

describe("Kapacitor's own token", () => {
  it('is HS512 of an empty name and five minutes, keyed by the internal secret', () => {
    const text = metaToken('internal\u00ff', now);
    const [head, body, mac] = text.split('.');
    expect(JSON.parse(Buffer.from(head!, 'base64url').toString())).toEqual({ alg: 'HS512', typ: 'JWT' });
    expect(JSON.parse(Buffer.from(body!, 'base64url').toString())).toEqual({ username: '', exp: now + 300 });
    const key = Buffer.from('internal\u00ff', 'latin1');
    expect(mac).toBe(createHmac('sha512', key).update(`${head}.${body}`).digest('base64url'));
  });
});

describe('a token signed anew', () => {
  it.each(['HS256', 'HS384', 'HS512'])('by %s passes with the other secret', (alg) => {
    const anew = signWithSecret(token(good, 'old', { alg }), 'new\u00ff') ?? '';
    expect(told(anew, 'new\u00ff')).toBe('user johndoe');
    expect(told(anew, 'old')).toBe('invalid token: signature is invalid');
  });

  it.each(['RS256', 'none', 'toString', ''])('is none by %j', (alg) => {
    expect(signWithSecret(token(good, 'old', { alg }), 'new')).toBeUndefined();
  });
});
