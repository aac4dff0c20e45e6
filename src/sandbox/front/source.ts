import type { Readable } from 'node:stream';

/** A line less its `\n`, or why there is none: the end (`clean` with nothing in front of it), or too many bytes. */
export type Line = { readonly text: string } | { readonly end: 'clean' | 'cut' | 'too-long' };

/** The bytes of a connection, taken when they are wanted; strings are binary. */
export class Source {
  readonly #chunks: AsyncIterator<Buffer, undefined>;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer, undefined>;
  }

  /** Waits for more bytes; false at the end. */
  async #fill(): Promise<boolean> {
    try {
      const { value } = await this.#chunks.next();
      if (value === undefined) return false;
      this.#buffer = this.#buffer.length === 0 ? value : Buffer.concat([this.#buffer, value]);
      return true;
    } catch {
      return false;
    }
  }

  /** @param limit bytes that the line may have */
  async line(limit: number): Promise<Line> {
    for (let from = 0; ;) {
      const at = this.#buffer.indexOf(0x0a, from);
      if ((at < 0 ? this.#buffer.length : at) > limit) return { end: 'too-long' };
      if (at >= 0) {
        const text = this.#buffer.toString('latin1', 0, at);
        this.#buffer = this.#buffer.subarray(at + 1);
        return { text };
      }
      from = this.#buffer.length;
      if (!(await this.#fill())) return { end: from === 0 ? 'clean' : 'cut' };
    }
  }

  /** Some bytes, at most `limit`; undefined at the end. */
  async some(limit: number): Promise<string | undefined> {
    if (this.#buffer.length === 0 && !(await this.#fill())) return undefined;
    const text = this.#buffer.toString('latin1', 0, limit);
    this.#buffer = this.#buffer.subarray(text.length);
    return text;
  }

  /** Lets the stream go: what still comes is for others. */
  async release(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** Drops line ends that old clients send behind a POST, as far as they have come. */
  dropLineEnds(): void {
    let count = 0;
    while (count < 4 && (this.#buffer[count] === 0x0d || this.#buffer[count] === 0x0a)) count++;
    this.#buffer = this.#buffer.subarray(count);
  }
}
