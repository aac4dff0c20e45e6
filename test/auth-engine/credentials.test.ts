import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RequestCredentials, readCredentials } from '../../src/auth-engine/request.js';

const unable = 'unable to parse authentication credentials';

function base64(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64');
}

/** The credentials, or why there are none. */
function read(header: string, query = ''): RequestCredentials | string {
  const found = readCredentials(header, query);
  return found.ok ? found.credentials : found.step.message;
}

describe('2.1 bearer', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['Bearer  abc', ' abc'],
    ['Bearer a b', 'a b'],
    ['Bearer bearer x.y.z', 'bearer x.y.z'],
  ])('%j: everything after one blank is the token', (header, token) => {
    expect(read(header)).toEqual({ form: 'bearer', token });
  });

  it.each(['bearer abc', 'BEARER abc', 'Bearer\tabc', 'Bearerabc', 'Bearer', 'Token abc'])('%j is none', (header) => {
    expect(read(header)).toBe(unable);
    expect(read(header, 'u=johndoe&p=x')).toEqual({ form: 'query', user: 'johndoe', password: 'x' });
  });

  it('does not fall through to the query, whatever the token', () => {
    expect(read('Bearer x', 'u=johndoe&p=x')).toEqual({ form: 'bearer', token: 'x' });
  });
});

describe('2.2 basic', () => {
  it.each([
    ['johndoe:secret', 'johndoe', 'secret'],
    ['johndoe:', 'johndoe', ''],
    ['a:b:c', 'a', 'b:c'],
    ['\u00ff\u0000:\u0001', '\u00ff\u0000', '\u0001'],
    [' a : b ', ' a ', ' b '],
  ])('%j: the name ends at the first colon, bytes as they are', (text, user, password) => {
    expect(read(`Basic ${base64(text)}`)).toEqual({ form: 'basic', user, password });
  });

  it('has its scheme in any letter case, and one blank', () => {
    for (const scheme of ['basic', 'BASIC', 'bAsIc']) {
      expect(read(`${scheme} ${base64('a:b')}`)).toEqual({ form: 'basic', user: 'a', password: 'b' });
    }
    expect(read(`Basic  ${base64('a:b')}`)).toBe(unable);
    expect(read(`Basic\t${base64('a:b')}`)).toBe(unable);
  });

  it('is padded base64 whose last bits may be odd', () => {
    expect(read('Basic YTpi')).toEqual({ form: 'basic', user: 'a', password: 'b' });
    expect(read('Basic YTpiYR==')).toEqual({ form: 'basic', user: 'a', password: 'ba' });
    expect(read('Basic YTpiYQ')).toBe(unable);
    expect(read('Basic YT pi')).toBe(unable);
    expect(read('Basic YTpi_-8=')).toBe(unable);
  });

  it('of an empty name is refused and does not fall through', () => {
    expect(read(`Basic ${base64(':secret')}`, 'u=johndoe&p=x')).toBe('username required');
    expect(read(`Basic ${base64(':')}`)).toBe('username required');
  });

  it('of ~subscriber holds a subscription token, empty or not', () => {
    expect(read(`Basic ${base64('~subscriber:t:k')}`)).toEqual({ form: 'subscriber', token: 't:k' });
    expect(read(`Basic ${base64('~subscriber:')}`)).toEqual({ form: 'subscriber', token: '' });
    expect(read(`Basic ${base64('~Subscriber:x')}`)).toEqual({ form: 'basic', user: '~Subscriber', password: 'x' });
  });
});

describe('2.3 query', () => {
  it.each([
    ['u=johndoe&p=secret', 'johndoe', 'secret'],
    ['%75=johndoe&%70=s', 'johndoe', 's'],
    ['u=a&u=b&p=c&p=d', 'a', 'c'],
    ['u=%zz&u=b&p=c', 'b', 'c'],
    ['u=a;x&u=b&p=c', 'b', 'c'],
    ['u=a+b&p=%2B', 'a b', '+'],
    ['u=%ff&p=%00', '\u00ff', '\u0000'],
  ])('%s: the first value of each', (query, user, password) => {
    expect(read('', query)).toEqual({ form: 'query', user, password });
  });

  it.each(['u=a', 'p=b', 'u=&p=b', 'u=a&p=', 'u=&u=a&p=b', 'U=a&P=b', 'u=a&p=%zz', 'u=a;p=b'])(
    '%s lacks one',
    (query) => {
      expect(read('', query)).toBe(unable);
    },
  );

  it.each(['Digest x', 'Basic !!!', `Basic ${base64('nocolon')}`, 'x'])('counts behind the header %j', (header) => {
    expect(read(header, 'u=a&p=b')).toEqual({ form: 'query', user: 'a', password: 'b' });
  });

  it('does not know ~subscriber', () => {
    expect(read('', 'u=~subscriber&p=x')).toEqual({ form: 'query', user: '~subscriber', password: 'x' });
  });

  it('does not count where Basic decodes', () => {
    expect(read(`Basic ${base64('a:b')}`, 'u=c&p=d')).toEqual({ form: 'basic', user: 'a', password: 'b' });
  });
});

describe('the step', () => {
  it.each([
    ['Digest x', 'scheme'],
    ['Basic !', 'base64'],
    [`Basic ${base64('x')}`, 'no-colon'],
    ['Bearer', 'empty-bearer'],
    ['', undefined],
  ])('says why the header %j was passed over: %s', (header, ignored) => {
    expect(readCredentials(header, '').step).toMatchObject({ outcome: 'fail', form: 'none', rule: '2.4', ignored });
    expect(readCredentials(header, 'u=a&p=b').step).toMatchObject({
      outcome: 'pass',
      form: 'query',
      rule: '2.3',
      ignored,
    });
  });

  it('names the rule and the user of what was found', () => {
    expect(readCredentials('Bearer x', '').step).toMatchObject({ rule: '2.1', form: 'bearer', user: undefined });
    expect(readCredentials(`Basic ${base64('j\u00c3\u00a9:p')}`, '').step).toMatchObject({
      rule: '2.2',
      user: 'j\u00e9',
    });
    const subscriber = readCredentials(`Basic ${base64('~subscriber:secret')}`, '').step;
    expect(subscriber).toMatchObject({ rule: '2.2', form: 'subscriber', user: undefined });
    expect(JSON.stringify(subscriber)).not.toContain('secret');
  });
});

describe('any header and query', () => {
  it('give credentials or a message', () => {
    const bytes = fc.uint8Array({ maxLength: 30 }).map((given) => Buffer.from(given).toString('latin1'));
    const scheme = fc.constantFrom('', 'Basic ', 'Bearer ', 'basic', 'Basic dTpw');
    fc.assert(
      fc.property(scheme, bytes, bytes, (prefix, header, query) => {
        const found = readCredentials(prefix + header, query);
        expect(found.step.outcome).toBe(found.ok ? 'pass' : 'fail');
      }),
    );
  });
});
