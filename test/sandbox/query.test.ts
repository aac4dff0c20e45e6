import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../src/sandbox/query.js';

describe('a query', () => {
  it.each([
    ['name=johndoe', 'johndoe'],
    ['x=1&name=a&name=b', 'a'],
    ['name=a+b%20c', 'a b c'],
    ['name=%C3%BC', 'ü'],
    ['name=ü%21', 'ü!'],
    ['%6eame=x', 'x'],
    ['name=a=b', 'a=b'],
    ['name', ''],
    ['name=', ''],
    ['name=%zz', undefined],
    ['name=%4', undefined],
    ['name=a;b', undefined],
    ['name=%zz&name=second', 'second'],
    ['', undefined],
  ])('%j gives the name %j', (query, name) => {
    expect(parseQuery(query).get('name')).toBe(name);
  });

  it('gives bytes that are not UTF-8 as a text that no name equals', () => {
    const name = parseQuery('name=%ff').get('name');
    expect(name).not.toBe('\ufffd');
    expect(name).not.toBe('ÿ');
    expect(Buffer.from(name ?? '').toString()).not.toBe(name);
  });
});
