import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeUserRecord,
  type UserRecordBuffer,
  createUserRecordBuffer,
  errorFromResponse,
} from '../../src/auth-engine/user-record.js';
import { permissionNames } from './permission-names.js';

type Plain = { name: string; hash: string; permissions: Record<string, readonly string[]> };

function users(memory: UserRecordBuffer): Plain[] {
  return memory.slots.slice(0, memory.length).map(({ name, hash, permissions }) => ({
    name,
    hash,
    permissions: Object.fromEntries(permissions),
  }));
}

/** The users of a body, or what is wrong with it. */
function decoded(body: string, memory = createUserRecordBuffer()): Plain[] | string {
  return decodeUserRecord(body, memory)?.error ?? users(memory);
}

function withPermissions(permissions: unknown): string {
  return JSON.stringify({ users: [{ name: 'a', hash: 'h', permissions }] });
}

const a: Plain = { name: 'a', hash: 'h', permissions: {} };

describe('a document that decodes', () => {
  it.each([
    ['null', []],
    ['{}', []],
    ['{"users":null}', []],
    ['{"users":[]}', []],
    ['{"users":[{}]}', [{ name: '', hash: '', permissions: {} }]],
    ['{"users":[null]}', [{ name: '', hash: '', permissions: {} }]],
    ['{"users":[{"name":"a","hash":"h"}]}', [a]],
    ['{"users":[{"name":"a","hash":"h","permissions":null}]}', [a]],
    ['{"users":[{"name":null,"hash":null}]}', [{ name: '', hash: '', permissions: {} }]],
    ['{"USERS":[{"Name":"a","HASH":"h","Permissions":{}}]}', [a]],
    ['{"u\u00c5\u00bfers":[{"name":"a","ha\u00c5\u00bfh":"h"}]}', [a]],
    ['{"users":[{"name":"a","hash":"h"}]} <html>', [a]],
    ['\r\n\t {"users":[{"name":"a","hash":"h"}]}', [a]],
    ['{"more":1e400,"users":[{"name":"a","hash":"h","roles":[5],"admin":true}]}', [a]],
    ['{"users":[{"name":"\u00ff\\ud800","hash":"h"}]}', [{ ...a, name: '\u00ef\u00bf\u00bd\u00ef\u00bf\u00bd' }]],
  ])('%j', (body, expected) => {
    expect(decoded(body)).toEqual(expected);
  });

  it('knows the 19 permissions in their spelling', () => {
    expect(permissionNames).toHaveLength(19);
    expect(decoded(withPermissions({ '': permissionNames, db: ['9', null] }))).toEqual([
      { ...a, permissions: { '': permissionNames, db: ['WriteData', 'NoPermissions'] } },
    ]);
  });

  it('has no permission in a scope that is null', () => {
    expect(decoded(withPermissions({ db: null }))).toEqual([{ ...a, permissions: { db: [] } }]);
  });

  it('takes any scope, __proto__ included', () => {
    const memory = createUserRecordBuffer();
    expect(decodeUserRecord('{"users":[{"permissions":{"__proto__":["ReadData"],"a/b":[]}}]}', memory)).toBeUndefined();
    expect([...memory.slots[0]!.permissions]).toEqual([
      ['__proto__', ['ReadData']],
      ['a/b', []],
    ]);
  });
});

describe('a repeated key', () => {
  it('replaces texts and lists, and merges objects', () => {
    expect(decoded('{"users":[{"name":"x","name":"a","hash":"h"}]}')).toEqual([a]);
    const twice = '{"permissions":{"":["ReadData"],"x":["Monitor"]},"permissions":{"":["WriteData"]}}';
    expect(decoded(`{"users":[${twice}]}`)).toEqual([
      { name: '', hash: '', permissions: { '': ['WriteData'], x: ['Monitor'] } },
    ]);
  });

  it('empties the permissions where it is null, and a scope where that is', () => {
    expect(decoded('{"users":[{"permissions":{"":["ReadData"]},"permissions":null}]}')).toMatchObject([
      { permissions: {} },
    ]);
    expect(decoded('{"users":[{"permissions":{"":["ReadData"],"":null}}]}')).toMatchObject([
      { permissions: { '': [] } },
    ]);
  });

  it('decodes users over those that are there', () => {
    expect(decoded('{"users":[{"name":"a"}],"users":[{"hash":"h"}]}')).toEqual([a]);
    expect(decoded('{"users":[{"name":"a","hash":"h"}],"Users":[null]}')).toEqual([a]);
    expect(decoded('{"users":[{"name":"a","hash":"h"},{"name":"b"}],"users":[{}]}')).toEqual([a]);
    expect(decoded('{"users":[{"name":"a"}],"users":[],"users":[{"hash":"h"}]}')).toMatchObject([{ name: '' }]);
    expect(decoded('{"users":[{"name":"a"}],"users":null,"users":[{}]}')).toMatchObject([{ name: '' }]);
    expect(decoded('{"users":[{},{"name":"b"}],"users":[{}],"users":[{},{}]}')).toMatchObject([{}, { name: 'b' }]);
  });
});

describe('a document that does not decode', () => {
  it.each([
    ['', 'EOF'],
    ['   ', 'EOF'],
    ['{', 'unexpected EOF'],
    ['<html>', "invalid character '<' looking for beginning of value"],
    ['\u00ef\u00bb\u00bf{}', "invalid character '\u00c3\u00af' looking for beginning of value"],
  ])('is unreadable: %j', (body, error) => {
    expect(decodeUserRecord(body, createUserRecordBuffer())).toEqual({ cause: 'unreadable', error });
  });

  it.each([
    ['[]', 'cannot unmarshal array'],
    ['"x"', 'cannot unmarshal string'],
    ['5', 'cannot unmarshal number 5'],
    ['true', 'cannot unmarshal bool'],
    ['{"users":{}}', 'cannot unmarshal object'],
    ['{"users":[5]}', 'cannot unmarshal number 5'],
    ['{"users":[{"name":5}]}', 'cannot unmarshal number into'],
    ['{"users":[{"hash":[]}]}', 'cannot unmarshal array'],
    [withPermissions([]), 'cannot unmarshal array'],
    [withPermissions({ '': 'ReadData' }), 'cannot unmarshal string'],
    [withPermissions({ '': [5] }), 'cannot unmarshal number 5'],
    [withPermissions({ '': [true] }), 'cannot unmarshal bool'],
    [withPermissions({ '': [{}] }), 'cannot unmarshal object'],
  ])('has a value of a wrong type: %s', (body, error) => {
    const fault = decodeUserRecord(body, createUserRecordBuffer());
    expect(fault?.cause).toBe('undecodable');
    expect(fault?.error).toContain(`json: ${error}`);
  });

  it.each(['Nope', 'kapacitorAPI', 'READDATA', 'ReadData ', '', '9 ', '8', 'constructor', '__proto__'])(
    'has the unknown permission %j, even beside roles and others',
    (name) => {
      const fault = { cause: 'undecodable', error: `invalid permission: ${name}` };
      expect(decodeUserRecord(withPermissions({ db: ['ReadData', name] }), createUserRecordBuffer())).toEqual(fault);
    },
  );

  it('is reported by its first fault of type, but by an unknown permission above all', () => {
    expect(decoded('{"users":[{"name":1,"hash":true}]}')).toContain('number');
    expect(decoded('{"users":[{"name":1,"permissions":{"":["Nope"]}}]}')).toBe('invalid permission: Nope');
  });
});

describe('the memory that all attempts of one lookup share', () => {
  it('keeps what a document with a fault of type has stored', () => {
    const memory = createUserRecordBuffer();
    decoded('{"users":[{"name":1,"hash":"h","permissions":{"":["ReadData"]}}]}', memory);
    expect(decoded('{"users":[{"name":"a"}]}', memory)).toEqual([{ ...a, permissions: { '': ['ReadData'] } }]);
  });

  it('keeps what stands before an unknown permission, and nothing behind it', () => {
    const memory = createUserRecordBuffer();
    decoded('{"users":[{"permissions":{"x":["ReadData"],"":["Nope"]},"name":"a"}]}', memory);
    expect(decoded('{}', memory)).toEqual([{ name: '', hash: '', permissions: { x: ['ReadData'] } }]);
  });

  it('keeps nothing of a text that is not JSON', () => {
    const memory = createUserRecordBuffer();
    decoded('{"users":[{"name":"a"}]', memory);
    expect(decoded('null', memory)).toEqual([]);
  });
});

describe('the text of an answer that is not 200', () => {
  it.each([
    ['', ''],
    ['  ', ''],
    ['null', ''],
    ['{}', ''],
    ['{"error":"user not found"}', 'user not found'],
    ['{"ERROR":"x"} more', 'x'],
    ['{"error":"x","error":"y"}', 'y'],
    ['{"error":"x","error":null}', 'x'],
    ['{"error":5}', 'json: cannot unmarshal number into Go struct field Error.error of type string'],
    ['[]', 'json: cannot unmarshal array into Go value of type meta.Error'],
    ['<html>', "invalid character '<' looking for beginning of value"],
    ['{', 'unexpected EOF'],
  ])('of %j is %j', (body, text) => {
    expect(errorFromResponse(body)).toBe(text);
  });
});

describe('any body', () => {
  it('decodes or reports a fault', () => {
    const bytes = fc.uint8Array({ maxLength: 40 }).map((given) => Buffer.from(given).toString('latin1'));
    const field = fc.constantFrom('users', 'name', 'hash', 'permissions', '', 'db');
    const leaf = fc.oneof(fc.constantFrom(null, 5, true, 'ReadData', 'Nope', '9'), fc.string());
    const { document } = fc.letrec((tie) => ({
      document: fc.oneof(leaf, fc.array(tie('document'), { maxLength: 3 }), fc.dictionary(field, tie('document'))),
    }));
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            bytes,
            document.map((value) => JSON.stringify({ users: value })),
          ),
        ),
        (bodies) => {
          const memory = createUserRecordBuffer();
          for (const body of bodies) {
            const fault = decodeUserRecord(body, memory);
            if (fault === undefined) expect(memory.length).toBeLessThanOrEqual(memory.slots.length);
            else expect(['unreadable', 'undecodable']).toContain(fault.cause);
          }
        },
      ),
    );
  });
});
