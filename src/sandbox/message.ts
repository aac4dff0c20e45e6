import type { Secret } from '../model/secret.js';

/** A request to a meta node, as it came off the wire. */
export interface MetaRequest {
  readonly method: string;
  /** Percent-encoded, without the query. */
  readonly path: string;
  /** Percent-encoded, without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export type Header = readonly [name: string, value: string];

export interface MetaAnswer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: string;
}

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
