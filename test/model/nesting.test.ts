import { describe, expect, it } from 'vitest';
import { isNestedTooDeep } from '../../src/model/nesting.js';

describe('a text nested without end', () => {
  it('is told from one that is only long', () => {
    expect(isNestedTooDeep('['.repeat(501))).toBe(true);
    expect(isNestedTooDeep(`a: ${'{b: '.repeat(501)}`)).toBe(true);
    expect(isNestedTooDeep('['.repeat(500))).toBe(false);
    expect(isNestedTooDeep('[{}]'.repeat(10_000))).toBe(false);
  });
});
