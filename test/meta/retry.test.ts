import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RetryDecision, retryDecision, createRetryState, backoff, retryPolicy } from '../../src/meta/retry.js';

const codes = [
  ...retryPolicy.unsent,
  ...retryPolicy.reads,
  ...retryPolicy.leader,
  'user-exists',
  'self-signed',
  'redirect-refused',
];
const anyCode = fc.constantFrom(...codes);
const anyFate = fc.constantFrom('not-sent' as const, 'unknown' as const, 'responded' as const);

describe('what is repeated', () => {
  it('never a write that may have been carried out', () => {
    fc.assert(
      fc.property(anyCode, (code) => {
        expect(retryDecision({ code, deliveryStatus: 'unknown' }, false)).toBe('never');
      }),
    );
  });

  it('a read whenever a write is', () => {
    fc.assert(
      fc.property(anyCode, anyFate, (code, deliveryStatus) => {
        const [write, read] = [
          retryDecision({ code, deliveryStatus }, false),
          retryDecision({ code, deliveryStatus }, true),
        ];
        expect(write === 'never' || read !== 'never').toBe(true);
      }),
    );
  });

  it('a read, but no write, after a server error', () => {
    for (const status of [500, 502, 503]) {
      const failed = { code: 'server-error', status, deliveryStatus: 'responded' } as const;
      expect([retryDecision(failed, true), retryDecision(failed, false)]).toEqual(['counted', 'never']);
    }
  });

  it('nothing that the server refused, nor what is not trusted', () => {
    for (const code of ['user-exists', 'self-signed', 'redirect-refused', 'credentials-refused', 'wrong-shape']) {
      expect(retryDecision({ code, deliveryStatus: 'responded' }, true)).toBe('never');
      expect(retryDecision({ code, status: 429, deliveryStatus: 'responded' }, true)).toBe('never');
      expect(retryDecision({ code, deliveryStatus: 'not-sent' }, true)).toBe('never');
    }
  });
});

describe('pauses', () => {
  it('grow to a limit, and jitter only shortens them', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (retry, random) => {
        const { max: most, jitter } = retryPolicy.backoff;
        expect(backoff(retry, random)).toBeLessThanOrEqual(backoff(retry, 0));
        expect(backoff(retry, random)).toBeGreaterThanOrEqual(Math.floor(backoff(retry, 0) * (1 - jitter)));
        expect(backoff(retry, 0)).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('end for any mixture of failures, also with a clock that stands still', () => {
    const failed = fc.array(fc.constantFrom<RetryDecision>('counted', 'leader', 'elsewhere'), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(fc.array(failed, { minLength: 500, maxLength: 500 }), (rounds) => {
        const pauses = createRetryState({ retries: 3, leaderWait: 10_000, random: () => 0.9 });
        const tries = rounds.map((round) => round.map((decision) => ({ decision, at: 0 })));
        expect(tries.some((round) => pauses.next(round, 0) === undefined)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
