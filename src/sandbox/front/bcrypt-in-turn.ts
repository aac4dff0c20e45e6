import type { BcryptRequest } from '../../auth-engine/effects.js';
import { bcryptDigest } from '../../auth-engine/bcrypt-digest.js';

/** Above this cost one comparison would hold up the whole sandbox for seconds: no password fits. */
const highestCost = 15;

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Computes one digest after the other, with time for everything else in between; equal ones that wait are one. */
export function makeBcryptInTurn(): (request: BcryptRequest) => Promise<string> {
  const running = new Map<string, Promise<string>>();
  let last: Promise<unknown> = Promise.resolve();
  return (request) => {
    if (request.cost > highestCost) return Promise.resolve('');
    const id = `${request.cost} ${request.salt} ${request.key}`;
    const known = running.get(id);
    if (known !== undefined) return known;
    const mine = last
      .then(nextTurn)
      .then(() => bcryptDigest(request))
      .finally(() => running.delete(id));
    last = mine.catch(() => {});
    running.set(id, mine);
    return mine;
  };
}
