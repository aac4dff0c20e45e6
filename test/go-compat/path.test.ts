import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanPath, joinPath } from '../../src/go-compat/path.js';

const path = fc
  .array(fc.constantFrom('/', '.', '..', 'a', 'b c', '...'), { maxLength: 12 })
  .map((parts) => parts.join(''));

describe('cleanPath', () => {
  it.each([
    ['', '.'],
    ['.', '.'],
    ['/', '/'],
    ['//', '/'],
    ['a', 'a'],
    ['a/', 'a'],
    ['/a/', '/a'],
    ['/a//b', '/a/b'],
    ['/a/./b', '/a/b'],
    ['/a/../b', '/b'],
    ['/..', '/'],
    ['/../../a', '/a'],
    ['..', '..'],
    ['../../a', '../../a'],
    ['a/../..', '..'],
    ['a/..', '.'],
    ['/a/...', '/a/...'],
    ['/a/b/../../..', '/'],
  ])('makes %j %j', (given, clean) => {
    expect(cleanPath(given)).toBe(clean);
  });

  it('leaves a clean path as it is', () => {
    fc.assert(
      fc.property(path, (given) => {
        expect(cleanPath(cleanPath(given))).toBe(cleanPath(given));
      }),
    );
  });

  it('leaves no dots, double or last slashes in a path from the root', () => {
    fc.assert(
      fc.property(path, (given) => {
        const clean = cleanPath(`/${given}`);
        expect(clean).toMatch(/^\//);
        if (clean !== '/') expect(clean.slice(1).split('/')).not.toContain('');
        for (const part of clean.split('/')) expect(['.', '..']).not.toContain(part);
      }),
    );
  });
});

describe('joinPath', () => {
  it.each([
    ['/api', '', '/api'],
    ['/api', '/tasks', '/api/tasks'],
    ['/api', 'tasks', '/api/tasks'],
    ['/api', 'config/', '/api/config'],
    ['/api', '/../x', '/x'],
    ['', '', ''],
    ['', '/a', '/a'],
  ])('joins %j and %j to %j', (first, second, joined) => {
    expect(joinPath(first, second)).toBe(joined);
  });
});
