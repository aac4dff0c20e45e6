const smallest = 16 * 1024;
const nothing = new Uint8Array(0);

/** Collects the chunks of a body in one piece of memory, so that many small chunks cost no more than a few large. */
export interface BodyCollector {
  /** False when the body is now longer than the limit. */
  add(chunk: Uint8Array): boolean;
  bytes(): Uint8Array;
}

/** `expected` bytes, if known, are made room for at once. */
export function collectBody(limit: number, expected?: number): BodyCollector {
  let whole = nothing;
  let length = 0;
  return {
    add(chunk) {
      const needed = length + chunk.length;
      if (needed > limit) return false;
      if (needed > whole.length) {
        const room = length === 0 && expected !== undefined ? expected : Math.max(whole.length * 2, smallest);
        const grown = new Uint8Array(Math.max(needed, Math.min(limit, room)));
        grown.set(whole.subarray(0, length));
        whole = grown;
      }
      whole.set(chunk, length);
      length = needed;
      return true;
    },
    bytes: () => (length === whole.length ? whole : whole.subarray(0, length)),
  };
}
