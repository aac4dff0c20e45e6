import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/context.js';
import type { MetaClient, MetaClientOptions } from '../../src/meta/client-types.js';
import { createMetaClient } from '../../src/meta/client.js';
import { MetaError } from '../../src/meta/errors.js';
import { Secret } from '../../src/model/secret.js';

/** A clock whose sleeps take no time but move it on. */
export interface FastClock extends Clock {
  readonly slept: number[];
}

export function fastClock(start = 1_700_000_000_000): FastClock {
  const slept: number[] = [];
  let now = start;
  return {
    slept,
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  };
}

export const basic = { kind: 'basic', username: 'admin', password: new Secret('changeit-4711') } as const;

/** A client for tests: no pauses, closed with the test. */
export function clientOf(nodes: string | readonly string[], options: Partial<MetaClientOptions> = {}): MetaClient {
  const list = typeof nodes === 'string' ? [nodes] : nodes;
  const client = createMetaClient({ nodes: list, clock: fastClock(), random: () => 0, ...options });
  onTestFinished(() => client.close());
  return client;
}

/** The MetaError that a call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<MetaError> {
  const outcome: unknown = await call.then(
    () => 'no error',
    (error: unknown) => error,
  );
  if (outcome instanceof MetaError) return outcome;
  throw new Error(`expected a MetaError, got ${outcome instanceof Error ? outcome.stack : String(outcome)}`);
}

export const createJoe = { action: 'create', user: { name: 'joe', password: new Secret('joe-secret-0815') } } as const;
