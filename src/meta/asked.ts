import type { Account } from './event.js';
import type { Fate } from './errors.js';

/** What an error tells of the request that failed. */
export interface Asked {
  /** After "cannot": `create user "joe"`. */
  readonly purpose: string;
  readonly method: string;
  /** As it may be shown. */
  readonly url: string;
  readonly write: boolean;
  readonly account: Account;
  /** To be masked in whatever a server sends. */
  readonly secrets: readonly string[];
}

/** The first part of each message: what failed, on what. */
export function cannot(asked: Asked): string {
  return `cannot ${asked.purpose}: ${asked.method} ${asked.url}`;
}

/** The fate of a request that was sent and got no answer to rely on. */
export function fateWithoutAnswer(sent: boolean): Fate {
  return sent ? 'unknown' : 'not-sent';
}
