import { describe, expect, it } from 'vitest';
import { showFile, showName } from '../../src/model/name.js';

const long = 'x'.repeat(300);

describe('a name in a sentence', () => {
  it('stands as it is, in quotes where its edges would not be seen', () => {
    expect(showName('joe@example.org')).toBe('joe@example.org');
    expect(showName('joe doe')).toBe('"joe doe"');
    expect(showName('')).toBe('""');
  });

  it('is cut where it is long', () => {
    expect(showName(long)).toBe(`"${'x'.repeat(100)}…"`);
  });
});

describe('a file in a sentence', () => {
  it('stands as it is, however long its path is', () => {
    expect(showFile(`/tmp/${long}/passwords`)).toBe(`/tmp/${long}/passwords`);
  });

  it('is in quotes where its edges would not be seen, and cannot end them', () => {
    expect(showFile('/tmp/my passwords')).toBe('"/tmp/my passwords"');
    expect(showFile('/tmp/a"b')).toBe(String.raw`"/tmp/a\"b"`);
    expect(showName(String.raw`a\x1b`)).toBe(String.raw`"a\\x1b"`);
  });
});
