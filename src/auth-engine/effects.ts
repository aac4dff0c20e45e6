/** How Kapacitor authenticates to the meta node. */
export type MetaAuth = 'basic' | 'bearer' | 'none';

/** One request to the meta node: the first of an attempt, or a followed redirect. Strings are binary. */
export interface MetaRequestEffect {
  readonly want: 'meta';
  /** Number of the attempt, from 1, and of redirects followed before it. */
  readonly attempt: number;
  readonly redirects: number;
  /** Nanoseconds since the first attempt at which the daemon sends it. */
  readonly after: number;
  readonly method: 'GET';
  readonly url: string;
  readonly scheme: 'http' | 'https';
  /** host:port as in the URL. */
  readonly host: string;
  /** Decoded. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly auth: MetaAuth;
  /** The `Authorization` header: a secret. */
  readonly authorization: string | undefined;
}

/** The result of a meta request. */
export type MetaResult =
  | {
      readonly status: number;
      readonly location: string;
      /** Binary. */
      readonly body: string;
      readonly ms?: number;
      /** No retries: further attempts of this lookup count as failed in the same way. */
      readonly last?: true;
    }
  | {
      /** `timeout`: sent, but no response. The others: it never reached the node. */
      readonly error: 'refused' | 'timeout' | 'tls' | 'unusable';
      /** Go's error text, such as `dial tcp 127.0.0.1:8091: connect: connection refused`. */
      readonly text: string;
      readonly ms?: number;
      readonly last?: true;
    };

/** A bcrypt computation; its result is the digest: 31 characters. */
export interface BcryptEffect {
  readonly want: 'bcrypt';
  readonly cost: number;
  /** 22 characters. */
  readonly salt: string;
  /** 72 bytes, binary: the password as bcrypt sees it. */
  readonly key: string;
}

export type Effect = MetaRequestEffect | BcryptEffect;

/** What the engine is resumed with: a MetaResult for a MetaRequestEffect, a digest for a BcryptEffect. */
export type EffectResult = MetaResult | string;

/** A computation of the engine, which yields effects before it returns. */
export type Engine<T> = Generator<Effect, T, EffectResult>;

export function* performMeta(request: MetaRequestEffect): Engine<MetaResult> {
  const result = yield request;
  if (typeof result === 'string') throw new TypeError('a meta request was answered with a digest');
  return result;
}

export function* performBcrypt(request: BcryptEffect): Engine<string> {
  const result = yield request;
  if (typeof result !== 'string') throw new TypeError('a bcrypt request was answered with a meta answer');
  return result;
}

/** Performs the effects of the engine. */
export interface EffectHandlers {
  meta(request: MetaRequestEffect): MetaResult | Promise<MetaResult>;
  /** The 31 characters of the digest. */
  bcrypt(request: BcryptEffect): Promise<string>;
}

/** Runs a computation of the engine to its end and performs its effects. */
export async function runEngine<T>(engine: Engine<T>, drivers: EffectHandlers): Promise<T> {
  let next = engine.next();
  while (!next.done) {
    const effect = next.value;
    const result = effect.want === 'meta' ? drivers.meta(effect) : drivers.bcrypt(effect);
    next = engine.next(result instanceof Promise ? await result : result);
  }
  return next.value;
}
