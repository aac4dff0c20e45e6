const smallest = 16 * 1024;
const nothing = new Uint8Array(0);

/** Bytes that all bodies under way may still take together; it is the one thing here that changes in place. */
export interface Room {
  left: number;
}

const leastRoom = 64 * 1024 * 1024;

/** Room for two bodies of the limit at the same time: the list of users and that of roles. */
export function roomFor(maxBody: number): Room {
  return { left: Math.max(2 * maxBody, leastRoom) };
}

/** Collects the chunks of a body in one piece of memory, so that many small chunks cost no more than a few large. */
export interface BodyCollector {
  /** Why the chunk is not taken: the body is longer than the limit, or there is no more room; undefined when it is. */
  add(chunk: Uint8Array): 'too-large' | 'no-room' | undefined;
  bytes(): Uint8Array;
  /** Gives the room back. */
  end(): void;
}

/** `expected` bytes, if known, are made room for at once. */
export function collectBody(limit: number, room: Room, expected?: number): BodyCollector {
  let whole = nothing;
  let length = 0;
  return {
    add(chunk) {
      const needed = length + chunk.length;
      if (needed > limit) return 'too-large';
      if (needed > whole.length) {
        const wanted = length === 0 && expected !== undefined ? expected : Math.max(whole.length * 2, smallest);
        const size = Math.max(needed, Math.min(limit, wanted));
        const more = size - whole.length;
        if (more > room.left) return 'no-room';
        room.left -= more;
        const grown = new Uint8Array(size);
        grown.set(whole.subarray(0, length));
        whole = grown;
      }
      whole.set(chunk, length);
      length = needed;
      return undefined;
    },
    bytes: () => (length === whole.length ? whole : whole.subarray(0, length)),
    end() {
      room.left += whole.length;
    },
  };
}
