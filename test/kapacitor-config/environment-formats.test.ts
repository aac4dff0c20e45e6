import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPassedOn, parseEnvironmentFile } from '../../src/kapacitor-config/environment-formats.js';

/** Each row: a file, and what systemd makes of it. */
const files: readonly (readonly [string, Record<string, string>])[] = [
  ['A=1\nB=2', { A: '1', B: '2' }],
  ['# A=1\n; B=2\n\n  \nC=3', { C: '3' }],
  ['A=1 # not a comment', { A: '1 # not a comment' }],
  ['  A = 1  \n', { A: '1' }],
  ['A=\nB=', { A: '', B: '' }],
  ['A\nB=2', { B: '2' }],
  ['A="a b"\nB=\'a b\'', { A: 'a b', B: 'a b' }],
  ['A="a"b\'c\'', { A: "ab'c'" }],
  ['A="a" \'b\'  "c"', { A: 'abc' }],
  ['A="a\nb"\nB=2', { A: 'a\nb', B: '2' }],
  ["A='a\\nb $x \"'", { A: 'a\\nb $x "' }],
  ['A="\\" \\\\ \\` \\$ \\n"', { A: '" \\ ` $ \\n' }],
  ['A="one \\\ntwo"', { A: 'one two' }],
  ['A=one \\\ntwo', { A: 'one two' }],
  ['A=one\\ two\\\\three\\"', { A: 'one two\\three"' }],
  ['A=trail\\ ', { A: 'trail ' }],
  ['A=\\\n1', { A: '1' }],
  ['A=1\r\nB=2\r\n', { A: '1', B: '2' }],
  ['A=1\nA=2', { A: '2' }],
  ['A="open', { A: 'open' }],
  ["A='open\nB=2", { A: 'open\nB=2' }],
  ['A="open\\', { A: 'open' }],
  ['A=end\\', { A: 'end' }],
  ['export A=1', { 'export A': '1' }],
  ['A=b=c', { A: 'b=c' }],
  ['# comment \\\nA=1', { A: '1' }],
  ['=x\nA=1', { A: '1' }],
];

describe('an environment file of systemd', () => {
  it.each(files)('%j', (text, expected) => {
    expect(Object.fromEntries(parseEnvironmentFile(text).map(({ name, value }) => [name, value]))).toEqual(expected);
  });

  it('reports the line of each assignment', () => {
    const found = parseEnvironmentFile('# x\nA="1\n2"\n\nB=3\nC=\\\n4\nD=5');
    expect(found.map(({ name, line }) => [name, line])).toEqual([
      ['A', 2],
      ['B', 5],
      ['C', 6],
      ['D', 8],
    ]);
  });

  it('passes on names and values that a shell can have, and no others', () => {
    const passed = (name: string, value = ''): boolean => isPassedOn({ name, value, line: 1 });
    expect(['A', '_a9', 'KAPACITOR_AUTH_META_USE_TLS'].every((name) => passed(name))).toBe(true);
    expect(['KAPACITOR_AUTH_META_USE-tls', '9A', 'export A', '', 'Ä'].some((name) => passed(name))).toBe(false);
    expect(passed('A', 'a\tb\nc')).toBe(true);
    expect(passed('A', 'a\u001bb')).toBe(false);
  });

  it('reads back what is written in single quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const plain = value.replaceAll("'", '');
        expect(parseEnvironmentFile(`A='${plain}'\nB=2`)).toMatchObject([
          { name: 'A', value: plain },
          { name: 'B', value: '2' },
        ]);
      }),
    );
  });

  it('reads back what is written in double quotes, escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const written = value.replaceAll(/["\\`$]/g, '\\$&');
        expect(parseEnvironmentFile(`A="${written}"`)).toMatchObject([{ name: 'A', value }]);
      }),
    );
  });

  it('comes to an end, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('A', '=', '"', "'", '\\', '\n', '\r', ' ', '#', '$') }), (text) => {
        expect(parseEnvironmentFile(text).every(({ line }) => line >= 1)).toBe(true);
      }),
    );
  });
});
