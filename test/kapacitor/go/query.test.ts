import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeQuery, parseQuery, queryValue } from '../../../src/kapacitor/go/query.js';

describe('parseQuery', () => {
  it.each([
    ['', []],
    ['a', [['a', '']]],
    ['a=', [['a', '']]],
    ['a=b=c', [['a', 'b=c']]],
    ['=b', [['', 'b']]],
    [
      'a=1&a=2',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    ['%61=%62', [['a', 'b']]],
    ['a=b+c%2B', [['a', 'b c+']]],
    ['a=%C3%A9', [['a', '\u00c3\u00a9']]],
    ['a=\u00ff', [['a', '\u00ff']]],
  ])('reads %j', (query, pairs) => {
    expect(parseQuery(query)).toEqual(pairs);
  });

  it.each(['a=%zz', '%zz=a', 'a=%4', 'a=%', 'a;b=c', 'a=b;c'])('drops the pair %j and keeps the others', (pair) => {
    expect(parseQuery(`x=1&${pair}&&y=2`)).toEqual([
      ['x', '1'],
      ['y', '2'],
    ]);
  });

  it('undoes encodeQuery', () => {
    const value = fc.uint8Array({ maxLength: 10 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value)), (pairs) => {
        expect(parseQuery(encodeQuery(pairs))).toEqual(pairs);
      }),
    );
  });
});

describe('queryValue', () => {
  it('is the first of a name, or empty', () => {
    const pairs = parseQuery('u=&u=second&p=1');
    expect(queryValue(pairs, 'u')).toBe('');
    expect(queryValue(pairs, 'p')).toBe('1');
    expect(queryValue(pairs, 'U')).toBe('');
  });
});

describe('encodeQuery', () => {
  it('escapes as url.QueryEscape does, a blank as a plus sign', () => {
    expect(encodeQuery([['name', "a b&=/?#%~-._'*\u00e9"]])).toBe('name=a+b%26%3D%2F%3F%23%25~-._%27%2A%E9');
  });
});
