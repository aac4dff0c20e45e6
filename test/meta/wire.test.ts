import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeText } from '../../src/model/text.js';
import {
  createdId,
  encodeRoleWrite,
  encodeUserWrite,
  parseAclList,
  parseRoles,
  parseUsers,
  UnexpectedShapeError,
} from '../../src/meta/wire.js';

function attempt(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

const anyName = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', 'constructor', 'toString', ''));
const permissions = fc.uniqueArray(fc.tuple(anyName, fc.array(anyName)), { selector: ([scope]) => scope });

describe('names and permissions', () => {
  it('come through as they are, whatever they are called', () => {
    fc.assert(
      fc.property(anyName, permissions, fc.array(anyName), (name, scopes, users) => {
        const wire: unknown = JSON.parse(
          JSON.stringify({ roles: [{ name, permissions: Object.fromEntries(scopes), users }] }),
        );
        const [role] = parseRoles(wire);
        expect(role?.name).toBe(name);
        expect(role?.users).toEqual(users);
        expect(role?.permissions).toEqual(new Map(scopes));
      }),
    );
  });

  it('go out as they came in', () => {
    fc.assert(
      fc.property(anyName, permissions, (name, scopes) => {
        const given = new Map(scopes);
        const { body } = encodeUserWrite({ action: 'add-permissions', user: { name, permissions: given } });
        const sent = JSON.parse(body) as { user: unknown };
        const [user] = parseUsers({ users: [sent.user] });
        expect(user?.name).toBe(name);
        expect(user?.permissions).toEqual(given);
      }),
    );
  });

  it('a list of null counts as empty', () => {
    expect(parseUsers({ users: [{ name: 'a', hash: null, permissions: { '': null } }] })).toEqual([
      { name: 'a', hash: undefined, permissions: new Map([['', []]]) },
    ]);
  });

  it('any JSON is read or refused by UnexpectedShapeError, never by another error', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const parse of [parseUsers, parseRoles]) {
          const outcome = attempt(() => parse(value));
          expect(Array.isArray(outcome) || outcome instanceof UnexpectedShapeError).toBe(true);
        }
      }),
    );
  });
});

it('the purpose of a write names it on one line, however long the name', () => {
  const { purpose } = encodeRoleWrite({
    action: 'add-users',
    role: { name: `a\n\u001b[31m${'x'.repeat(1e6)}`, users: [] },
  });
  expect(escapeText(purpose())).toMatch(/^add users to role "a\\x0a\\x1b\[31mx+…"$/);
  expect(purpose().length).toBeLessThan(200);
});

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
