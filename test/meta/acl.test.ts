import { describe, expect, it } from 'vitest';
import { createdId, parseAclList } from '../../src/meta/acl.js';
import { UnexpectedShapeError } from '../../src/meta/wire.js';

const entry = { id: '7', permissions: ['read'] };
const noId = { permissions: ['read'] };

describe('parseAclList', () => {
  it.each([
    ['an array', [entry], ['7']],
    ['an object', { restrictions: [entry] }, ['7']],
    ['an object with more', { restrictions: [entry], links: { self: '/' } }, ['7']],
    ['both kinds', { grants: [{ id: '8' }], restrictions: [entry] }, ['7']],
    ['another name', { data: [entry], total: 1 }, ['7']],
    ['entries by id', { 7: noId, 8: noId }, ['7', '8']],
    ['numbers', [{ ...entry, id: 7 }, { ID: 'x' }], ['7', 'x']],
    ['no id', [noId], [undefined]],
    ['none', { restrictions: null }, []],
    ['an empty object', {}, []],
    ['null', null, []],
  ])('reads %s', (_, value, ids) => {
    const found = parseAclList('restriction', value);
    expect(found.map(({ kind, id }) => [kind, id])).toEqual(ids.map((id) => ['restriction', id]));
  });

  it('keeps each entry as it is', () => {
    const odd = { ...entry, deep: { x: [1] } };
    expect(parseAclList('grant', { grants: [odd] })[0]?.fields).toBe(odd);
  });

  it.each([[[1]], ['text'], [{ error: 'no' }], [{ a: [1], b: [2] }], [7], [{ restrictions: 'x' }]])(
    'refuses %j',
    (value) => {
      expect(() => parseAclList('restriction', value)).toThrow(UnexpectedShapeError);
    },
  );
});

describe('createdId', () => {
  it.each([
    ['', undefined],
    ['{"id":"7"}', '7'],
    ['{"id":7}', '7'],
    ['{"grant":{"id":"7"}}', '7'],
    ['"7"', undefined],
    ['{}', undefined],
  ])('of %j is %s', (body, id) => {
    expect(createdId('grant', Buffer.from(body))).toBe(id);
  });
});
