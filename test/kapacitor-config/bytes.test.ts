import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/kapacitor-config/read-and-validate.js';

function messageOf(...bytes: (string | number[])[]): string {
  const file = Buffer.concat(bytes.map((part) => Buffer.from(part as string)));
  const reading = readConfiguration(file, new Map());
  return reading.starts ? 'starts' : reading.message;
}

describe('a file of bytes', () => {
  it.each([
    ['a byte that is no UTF-8 in a string', messageOf('[auth]\nx = "a', [0xff], '"\n'), 2, 'auth.x', '0xff'],
    ['one behind a string', messageOf('[auth]\nx = "a"', [0xc3], '\n'), 2, 'auth', '0xc3'],
    [
      'one behind an empty string, where the parser looks for a third quote',
      messageOf('[auth]\nx = ""', [0xc3]),
      2,
      'auth.x',
      '0xc3',
    ],
    ['an encoded surrogate', messageOf('[auth]\n#\n# ', [0xed, 0xa0, 0x80]), 3, 'auth', '0xed'],
    ['the begin of a character at the end of the file', messageOf('[auth]\nx = "é', [0xe2, 0x82]), 2, 'auth.x', '0xe2'],
  ])('names %s', (_, message, line, key, byte) => {
    expect(message).toBe(`parse config: toml: line ${line} (last key "${key}"): invalid UTF-8 byte: ${byte}`);
  });

  it('may begin with a byte order mark of UTF-8 or, as two stray bytes, of UTF-16', () => {
    expect(messageOf([0xef, 0xbb, 0xbf], 'a = 1\n')).toBe('starts');
    expect(messageOf([0xff, 0xfe], 'a = 1\n')).toBe('starts');
    expect(messageOf([0xfe, 0xff], 'a = 1\n')).toBe('starts');
  });

  it('is taken for UTF-16 where a NUL is among its first six bytes', () => {
    const utf16 = /line 1: files cannot contain NULL bytes; probably using UTF-16/;
    expect(messageOf([0xff, 0xfe], 'a\0=\0')).toMatch(utf16);
    expect(messageOf('é123', [0])).toMatch(utf16);
    expect(messageOf('ééé', [0])).toBe("parse config: toml: line 1: expected '.' or '=', but got 'é' instead");
  });

  it('keeps a real U+FFFD beside the stray bytes that stand for it', () => {
    const file = Buffer.from('[auth]\nmeta-username = "\ufffd"\n');
    const reading = readConfiguration(file, new Map());
    if (!reading.starts) expect.fail(reading.message);
    expect(reading.configuration.auth.metaUsername.value).toBe('\ufffd');
  });
});
