import bcrypt from 'bcryptjs';
import { Secret } from '../model/secret.js';
import type { Bcrypt, AsyncBcrypt } from './meta-node/login.js';

/** Above this cost one comparison takes minutes. */
const maxCost = 16;
/** Up to this cost one hash takes a few milliseconds: done at once. */
const maxSyncCost = 6;

/** `$2a$` as the meta server writes it; `bytes` are 16 random ones. */
function saltOf(cost: number, bytes: Uint8Array): string {
  return `$2a$${String(cost).padStart(2, '0')}$${bcrypt.encodeBase64(Array.from(bytes), 16)}`;
}

/** The cost of a whole bcrypt hash that can be computed in reasonable time, else undefined. */
function costOf(hash: Secret): number | undefined {
  const cost = Number(/^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash.reveal())?.[1]);
  return cost >= 4 && cost <= maxCost ? cost : undefined;
}

export function createBcrypt(cost: number, randomBytes: (count: number) => Uint8Array): Bcrypt {
  return {
    hash: (password) => new Secret(bcrypt.hashSync(password.reveal(), saltOf(cost, randomBytes(16)))),
    compare(password, hash) {
      return costOf(hash) !== undefined && bcrypt.compareSync(password.reveal(), hash.reveal());
    },
  };
}

/** One hash after the other, without holding up the event loop for long. A hash that is not bcrypt fits no password. */
export function createAsyncBcrypt(cost: number, randomBytes: (count: number) => Uint8Array): AsyncBcrypt {
  const quick = createBcrypt(cost, randomBytes);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
  return {
    async hash(password) {
      if (cost <= maxSyncCost) return quick.hash(password);
      return inTurn(async () => new Secret(await bcrypt.hash(password.reveal(), saltOf(cost, randomBytes(16)))));
    },
    async compare(password, hash) {
      if ((costOf(hash) ?? 0) <= maxSyncCost) return quick.compare(password, hash);
      return inTurn(() => bcrypt.compare(password.reveal(), hash.reveal()));
    },
  };
}
