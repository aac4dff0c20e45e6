import type { BcryptRequest, Engine, MetaAnswer, MetaRequest } from '../kapacitor/wanted.js';

/** What the engine is driven with: who answers its requests. */
export interface Drivers {
  meta(request: MetaRequest): MetaAnswer | Promise<MetaAnswer>;
  /** The 31 characters of the digest. */
  bcrypt(request: BcryptRequest): Promise<string>;
}

/** Runs a computation of the engine to its end, giving it what it wants from outside. */
export async function drive<T>(engine: Engine<T>, drivers: Drivers): Promise<T> {
  let next = engine.next();
  while (!next.done) {
    const wanted = next.value;
    const answer = wanted.want === 'meta' ? drivers.meta(wanted) : drivers.bcrypt(wanted);
    next = engine.next(answer instanceof Promise ? await answer : answer);
  }
  return next.value;
}
