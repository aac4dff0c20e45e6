import bcrypt from 'bcryptjs';
import { Secret } from '../model/secret.js';
import type { Bcrypt, SlowBcrypt } from './drive.js';

/** Above this cost one comparison takes minutes. */
const highestCost = 16;
/** Up to this cost one hash takes a few milliseconds: done at once. */
const quickCost = 6;

/** `$2a$` as the meta server writes it; `bytes` are 16 random ones. */
function saltOf(cost: number, bytes: Uint8Array): string {
  return `$2a$${String(cost).padStart(2, '0')}$${bcrypt.encodeBase64(Array.from(bytes), 16)}`;
}

function costOf(hash: string): number | undefined {
  const cost = /^\$2[abxy]?\$(\d\d)\$/.exec(hash)?.[1];
  return cost === undefined || hash.length !== 60 ? undefined : Number(cost);
}

export function makeBcrypt(cost: number, randomBytes: (count: number) => Uint8Array): Bcrypt {
  return {
    hash: (password) => new Secret(bcrypt.hashSync(password.reveal(), saltOf(cost, randomBytes(16)))),
    compare(password, hash) {
      const paid = costOf(hash.reveal());
      if (paid === undefined || paid > highestCost) return false;
      return bcrypt.compareSync(password.reveal(), hash.reveal());
    },
  };
}

/** One hash after the other, without holding up the event loop for long. A hash that is not bcrypt fits no password. */
export function makeSlowBcrypt(cost: number, randomBytes: (count: number) => Uint8Array): SlowBcrypt {
  const quick = makeBcrypt(cost, randomBytes);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
  return {
    async hash(password) {
      if (cost <= quickCost) return quick.hash(password);
      return inTurn(async () => new Secret(await bcrypt.hash(password.reveal(), saltOf(cost, randomBytes(16)))));
    },
    async compare(password, hash) {
      const paid = costOf(hash.reveal());
      if (paid === undefined || paid <= quickCost || paid > highestCost) return quick.compare(password, hash);
      return inTurn(() => bcrypt.compare(password.reveal(), hash.reveal()));
    },
  };
}
