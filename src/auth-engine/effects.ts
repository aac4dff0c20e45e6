/** How Kapacitor shows itself to the meta node. */
export type MetaAuth = 'basic' | 'bearer' | 'none';

/** One request to the meta node: the first of an attempt, or a redirect's hop. Strings are binary. */
export interface MetaRequestEffect {
  readonly want: 'meta';
  /** Number of the attempt, from 1, and its place in the chain of redirects, from 0. */
  readonly attempt: number;
  readonly hop: number;
  /** Nanoseconds since the first attempt at which the daemon sends it. */
  readonly after: number;
  readonly method: 'GET';
  readonly url: string;
  readonly scheme: 'http' | 'https';
  /** host:port as it stands in the URL. */
  readonly host: string;
  /** Decoded. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly auth: MetaAuth;
  /** The `Authorization` header: a secret. */
  readonly authorization: string | undefined;
}

/** What came of a meta request. */
export type MetaResult =
  | {
      readonly status: number;
      readonly location: string;
      /** Binary. */
      readonly body: string;
      readonly ms?: number;
      /** The driver will not try again: further attempts of this lookup count as failed alike. */
      readonly last?: true;
    }
  | {
      /** `timeout`: sent, and no answer ever. The others: it never reached the node. */
      readonly error: 'refused' | 'timeout' | 'tls' | 'unusable';
      /** As Go tells it, such as `dial tcp 127.0.0.1:8091: connect: connection refused`. */
      readonly text: string;
      readonly ms?: number;
      readonly last?: true;
    };

/** A bcrypt computation; the answer is its digest: 31 characters. */
export interface BcryptEffect {
  readonly want: 'bcrypt';
  readonly cost: number;
  /** 22 characters. */
  readonly salt: string;
  /** 72 bytes, binary: the password as bcrypt sees it. */
  readonly key: string;
}

export type Effect = MetaRequestEffect | BcryptEffect;

/** What the engine is resumed with: a MetaAnswer for a MetaRequest, a digest for a BcryptRequest. */
export type EffectResult = MetaResult | string;

/** A computation of the engine that may want things from outside before it returns. */
export type Engine<T> = Generator<Effect, T, EffectResult>;

export function* performMeta(request: MetaRequestEffect): Engine<MetaResult> {
  const answer = yield request;
  if (typeof answer === 'string') throw new TypeError('a meta request was answered with a digest');
  return answer;
}

export function* performBcrypt(request: BcryptEffect): Engine<string> {
  const answer = yield request;
  if (typeof answer !== 'string') throw new TypeError('a bcrypt request was answered with a meta answer');
  return answer;
}

/** What the engine is driven with: who answers its requests. */
export interface EffectHandlers {
  meta(request: MetaRequestEffect): MetaResult | Promise<MetaResult>;
  /** The 31 characters of the digest. */
  bcrypt(request: BcryptEffect): Promise<string>;
}

/** Runs a computation of the engine to its end, giving it what it wants from outside. */
export async function runEngine<T>(engine: Engine<T>, drivers: EffectHandlers): Promise<T> {
  let next = engine.next();
  while (!next.done) {
    const wanted = next.value;
    const answer = wanted.want === 'meta' ? drivers.meta(wanted) : drivers.bcrypt(wanted);
    next = engine.next(answer instanceof Promise ? await answer : answer);
  }
  return next.value;
}
