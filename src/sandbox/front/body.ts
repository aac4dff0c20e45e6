import type { Source } from './source.js';

/** How the reading of a body ended: at its end, at the limit, or in bytes that are none. */
export type BodyEnd = 'whole' | 'more' | 'broken';

export interface BodyRead {
  readonly end: BodyEnd;
  /** Binary; empty where it was only dropped. */
  readonly text: string;
}

const lineLimit = 4096;

/** A chunk's size, undefined where its line is none (net/http/internal, chunkedReader.beginChunk). */
async function chunkSize(source: Source): Promise<number | undefined> {
  const line = await source.line(lineLimit);
  if (!('text' in line)) return undefined;
  const [, digits] = /^([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r]*)?\r$/.exec(line.text) ?? [];
  return digits === undefined ? undefined : parseInt(digits, 16);
}

/** The lines behind the last chunk, which nobody reads. */
async function dropTrailer(source: Source): Promise<BodyEnd> {
  for (let left = lineLimit; left > 0;) {
    const line = await source.line(left);
    if (!('text' in line)) return 'broken';
    if (line.text === '\r' || line.text === '') return 'whole';
    left -= line.text.length + 1;
  }
  return 'broken';
}

/** The body of one request. */
export class Body {
  readonly #source: Source;
  readonly #chunked: boolean;
  /** Bytes to come: of the chunk, or of all. */
  #left: number;
  #end: BodyEnd = 'more';

  constructor(source: Source, length: number | 'chunked') {
    this.#source = source;
    this.#chunked = length === 'chunked';
    this.#left = length === 'chunked' ? 0 : length;
    if (length === 0) this.#end = 'whole';
  }

  /** Bytes that are known to be still to come. */
  get left(): number {
    return this.#left;
  }

  get isRead(): boolean {
    return this.#end === 'whole';
  }

  /** The next bytes; undefined where the body has ended, in whichever way. */
  async #next(limit: number): Promise<string | undefined> {
    if (this.#end !== 'more') return undefined;
    if (this.#left === 0) {
      const size = this.#chunked ? await chunkSize(this.#source) : 0;
      if (size === undefined) this.#end = 'broken';
      else if (size === 0) this.#end = this.#chunked ? await dropTrailer(this.#source) : 'whole';
      else this.#left = size;
      if (this.#end !== 'more') return undefined;
    }
    const text = await this.#source.some(Math.min(this.#left, limit));
    if (text === undefined) {
      this.#end = 'broken';
      return undefined;
    }
    this.#left -= text.length;
    if (this.#left > 0) return text;
    if (!this.#chunked) this.#end = 'whole';
    else if (!(await this.#endsChunk())) this.#end = 'broken';
    return text;
  }

  async #endsChunk(): Promise<boolean> {
    const line = await this.#source.line(1);
    return 'text' in line && line.text === '\r';
  }

  /** Reads on until the end or `limit` bytes; `keep`: they are given. */
  async read(limit: number, keep: boolean): Promise<BodyRead> {
    const parts: string[] = [];
    let read = 0;
    while (read < limit) {
      const part = await this.#next(limit - read);
      if (part === undefined) break;
      read += part.length;
      if (keep) parts.push(part);
    }
    return { end: this.#end, text: parts.join('') };
  }
}
