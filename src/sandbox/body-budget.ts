/** A request body in memory. */
export interface HeldBody {
  /** Counts bytes that arrived; false where the body was dropped. */
  add(bytes: number): boolean;
  /** The body is complete: it is no longer dropped, and counts until it is released. */
  complete(): void;
  release(): void;
}

interface Held {
  size: number;
  readonly drop: () => void;
}

/**
 * The request bodies that are held at one time, bounded together whoever sends them. Where there is no room, the
 * largest one that is still arriving is dropped: a few small requests get through whatever others send.
 */
export class BodyBudget {
  readonly #maxBytes: number;
  readonly #arriving = new Set<Held>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @param drop ends the request; called at most once */
  open(drop: () => void): HeldBody {
    const held: Held = { size: 0, drop };
    this.#arriving.add(held);
    return {
      add: (bytes) => {
        if (!this.#arriving.has(held)) return false;
        held.size += bytes;
        this.#bytes += bytes;
        while (this.#bytes > this.#maxBytes && this.#arriving.size > 0) this.#dropLargest();
        return this.#arriving.has(held);
      },
      complete: () => void this.#arriving.delete(held),
      release: () => {
        this.#arriving.delete(held);
        this.#bytes -= held.size;
        held.size = 0;
      },
    };
  }

  #dropLargest(): void {
    const [first, ...others] = this.#arriving;
    const largest = others.reduce((most, one) => (one.size > most!.size ? one : most), first);
    if (largest === undefined) return;
    this.#arriving.delete(largest);
    this.#bytes -= largest.size;
    largest.size = 0;
    largest.drop();
  }
}
