import { describe, expect, it } from 'vitest';
import { describeShape, maskText } from '../../../src/doctor/conformance/mask-responses.js';

const names = new Set(['johndoe', 'telegraf', 'meta-7']);

describe('the shape of a response', () => {
  it.each<[unknown, unknown]>([
    [null, 'null'],
    ['', 'empty string'],
    ['johndoe', 'string'],
    [7, 'number'],
    [[], []],
    [
      ['a', 'b', 1],
      ['string', 'number'],
    ],
    [
      { users: [{ name: 'a' }, { name: 'b', hash: 'x' }] },
      { users: [{ name: 'string' }, { name: 'string', hash: 'string' }] },
    ],
    [{ telegraf: ['ReadData'], '': [] }, { '*': [] }],
    [{ johndoe: 1, 'host:8091': 2, '10.0.0.1': 3, 'a b': 4 }, { '*': 'number' }],
    [JSON.parse('{"__proto__": {"polluted": 1}}'), { '*': { polluted: 'number' } }],
  ])('of %j', (value, shape) => {
    expect(describeShape(value, names)).toEqual(shape);
  });

  it('holds no value, and no key that is a name, whatever is given', () => {
    const text = JSON.stringify(
      describeShape({ a: 'hush', johndoe: { b: 'hush' }, list: [{ telegraf: 'hush' }] }, names),
    );
    expect(text).not.toMatch(/hush|johndoe|telegraf/);
  });
});

describe('the text of a server', () => {
  it.each([
    ['password length exceeds 72 bytes', 'password length exceeds 72 bytes'],
    ['invalid action: rename', 'invalid action: rename'],
    ['user "joe" not found', 'user <text> not found'],
    ["role 'x y' exists", 'role <text> exists'],
    ['user johndoe: no', 'user <name>: no'],
    ['dial tcp 10.0.0.7:8091: refused', 'dial tcp <text> refused'],
    ['see https://meta.example.com/x', 'see <text>'],
    ['no node meta-7', 'no node <name>'],
    ['token 8f14e45f', 'token 8f14e45f'],
    ['id 123456', 'id <text>'],
  ])('%s', (text, masked) => {
    expect(maskText(text, names)).toBe(masked);
  });

  it('is short', () => {
    expect(maskText('x '.repeat(1000), names).length).toBeLessThanOrEqual(161);
  });
});
