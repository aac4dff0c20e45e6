import { describe, expect, it } from 'vitest';
import { assertNothingThrows } from './hostile.js';

describe('no request, answer or configuration', () => {
  it('makes the engine throw', () => {
    expect(() => assertNothingThrows(2000)).not.toThrow();
  });
});
