import { createHash } from 'node:crypto';
import { usageError } from '../errors.js';
import { excerpt, nearest, parseDurationMs } from '../model/text.js';

/** The rate of each fault, as a share of the requests; `delay` in ms, before every response. */
export interface FaultPlan {
  readonly reset: number;
  readonly unavailable: number;
  readonly truncate: number;
  readonly garbage: number;
  readonly delay: number;
}

/** What happens to one request. The last three come after a write was applied. */
export type InjectedFault = 'reset-before' | 'unavailable' | 'reset-after' | 'truncate' | 'garbage';

const shares = new Map<string, 'reset' | 'unavailable' | 'truncate' | 'garbage'>([
  ['reset', 'reset'],
  ['503', 'unavailable'],
  ['truncate', 'truncate'],
  ['garbage', 'garbage'],
]);
const names = [...shares.keys(), 'delay'];

function share(name: string, text: string): number {
  const value = /^(0|1|0?\.\d+|1\.0+)$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(value))
    throw usageError('bad-fault', `fault ${name}: "${excerpt(text, 20)}" is not a number from 0 to 1`);
  return value;
}

/** Reads `reset=0.1,503=0.1,delay=200ms,truncate=0.05,garbage=0.01`. */
export function parseFaults(text: string): FaultPlan {
  const faults = { reset: 0, unavailable: 0, truncate: 0, garbage: 0, delay: 0 };
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.trim().split('=', 2);
    const key = shares.get(name);
    if (key !== undefined) faults[key] = share(name, value);
    else if (name === 'delay') faults.delay = parseDurationMs(value, 'fault delay');
    else {
      const near = nearest(name, names);
      const hint = near === undefined ? `Known: ${names.join(', ')}` : `Did you mean "${near}"?`;
      throw usageError('bad-fault', `unknown fault "${excerpt(name, 20)}"`, hint);
    }
  }
  const sum = faults.reset + faults.unavailable + faults.truncate + faults.garbage;
  if (sum > 1) throw usageError('bad-fault', `the fault rates add up to ${sum}; the maximum is 1`);
  return faults;
}

/** Two numbers in [0, 1) for the n-th request: the same for the same seed, whatever came before. */
export function seededRandom(seed: number, n: number): readonly [number, number] {
  const digest = createHash('sha256').update(`${seed}:${n}`).digest();
  return [digest.readUInt32LE(0) / 2 ** 32, digest.readUInt32LE(4) / 2 ** 32];
}

/** The fault of the n-th request, at most one; a reset comes as often before the write is applied as after. */
export function pickFault(faults: FaultPlan, seed: number, n: number): InjectedFault | undefined {
  const [which] = seededRandom(seed, n);
  const table: readonly (readonly [InjectedFault, number])[] = [
    ['reset-before', faults.reset / 2],
    ['reset-after', faults.reset / 2],
    ['unavailable', faults.unavailable],
    ['truncate', faults.truncate],
    ['garbage', faults.garbage],
  ];
  let end = 0;
  for (const [fault, width] of table) {
    end += width;
    if (which < end) return fault;
  }
  return undefined;
}
