import { describe, expect, it } from 'vitest';
import { assertAgreement } from '../auth-engine/agreement.js';
import { assertNothingThrows } from '../auth-engine/hostile.js';

describe('the engine, at length', () => {
  it('decides as the naive statement of its rules', () => {
    assertAgreement(100_000);
  });

  it('throws at no request, answer or configuration', () => {
    expect(() => assertNothingThrows(100_000)).not.toThrow();
  });
});
