const inspect = Symbol.for('nodejs.util.inspect.custom');

/** A password, hash, token or shared secret. However it is printed, logged or serialised, it shows as `***`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself: call it only where it is sent, hashed or compared. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect](): string {
    return '***';
  }
}

/** The maximum length of a password for bcrypt; Go's bcrypt rejects a longer one. */
export const maxBcryptBytes = 72;

const bcryptHash = /^\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}$/;

/** Whether a stored hash is one that bcrypt can compare with. */
export function isBcryptHash(hash: Secret): boolean {
  return bcryptHash.test(hash.reveal());
}
