import type { Secret } from '../../model/secret.js';

/** Slow work that the handler leaves to its driver; it is resumed with the hash, or with whether the password fits. */
export type HashRequest =
  | { readonly want: 'hash'; readonly password: Secret }
  | { readonly want: 'compare'; readonly password: Secret; readonly hash: Secret };

/** A computation that may ask for bcrypt on its way. */
export type BcryptComputation<T> = Generator<HashRequest, T, Secret | boolean>;

export function* requestHash(password: Secret): BcryptComputation<Secret> {
  return (yield { want: 'hash', password }) as Secret;
}

export function* requestCompare(password: Secret, hash: Secret): BcryptComputation<boolean> {
  return (yield { want: 'compare', password, hash }) as boolean;
}

export interface Bcrypt {
  hash(password: Secret): Secret;
  compare(password: Secret, hash: Secret): boolean;
}

export interface AsyncBcrypt {
  hash(password: Secret): Promise<Secret>;
  compare(password: Secret, hash: Secret): Promise<boolean>;
}

/** Runs a computation to its end, bcrypt included, without ever waiting. */
export function runSync<T>(asking: BcryptComputation<T>, bcrypt: Bcrypt): T {
  let step = asking.next();
  while (!step.done) {
    const want = step.value;
    step = asking.next(want.want === 'hash' ? bcrypt.hash(want.password) : bcrypt.compare(want.password, want.hash));
  }
  return step.value;
}

/** Runs a computation to its end; a promise only where it asks for bcrypt. */
export function runAsync<T>(asking: BcryptComputation<T>, bcrypt: AsyncBcrypt): T | Promise<T> {
  const step = asking.next();
  return step.done ? step.value : resume(asking, step.value, bcrypt);
}

async function resume<T>(asking: BcryptComputation<T>, first: HashRequest, bcrypt: AsyncBcrypt): Promise<T> {
  let want = first;
  for (;;) {
    const reply = await (want.want === 'hash' ? bcrypt.hash(want.password) : bcrypt.compare(want.password, want.hash));
    const step = asking.next(reply);
    if (step.done) return step.value;
    want = step.value;
  }
}
