import type { Secret } from '../../model/secret.js';

/** Slow work that the handler leaves to its driver; it is resumed with the hash, or with whether the password fits. */
export type Want =
  | { readonly want: 'hash'; readonly password: Secret }
  | { readonly want: 'compare'; readonly password: Secret; readonly hash: Secret };

/** A computation that may ask for bcrypt on its way. */
export type Asking<T> = Generator<Want, T, Secret | boolean>;

export function* askHash(password: Secret): Asking<Secret> {
  return (yield { want: 'hash', password }) as Secret;
}

export function* askCompare(password: Secret, hash: Secret): Asking<boolean> {
  return (yield { want: 'compare', password, hash }) as boolean;
}

export interface Bcrypt {
  hash(password: Secret): Secret;
  compare(password: Secret, hash: Secret): boolean;
}

export interface SlowBcrypt {
  hash(password: Secret): Promise<Secret>;
  compare(password: Secret, hash: Secret): Promise<boolean>;
}

/** Runs a computation to its end, bcrypt included, without ever waiting. */
export function runAtOnce<T>(asking: Asking<T>, bcrypt: Bcrypt): T {
  let step = asking.next();
  while (!step.done) {
    const want = step.value;
    step = asking.next(want.want === 'hash' ? bcrypt.hash(want.password) : bcrypt.compare(want.password, want.hash));
  }
  return step.value;
}

/** Runs a computation to its end; a promise only where it asks for bcrypt. */
export function run<T>(asking: Asking<T>, bcrypt: SlowBcrypt): T | Promise<T> {
  const step = asking.next();
  return step.done ? step.value : resume(asking, step.value, bcrypt);
}

async function resume<T>(asking: Asking<T>, first: Want, bcrypt: SlowBcrypt): Promise<T> {
  let want = first;
  for (;;) {
    const reply = await (want.want === 'hash' ? bcrypt.hash(want.password) : bcrypt.compare(want.password, want.hash));
    const step = asking.next(reply);
    if (step.done) return step.value;
    want = step.value;
  }
}
