import { toBytes, fromBytes } from './utf8.js';

/** Limit of decompressed bytes. */
const maxDecompressed = 64 * 1024 * 1024;

/** What Go's compress/gzip or compress/flate says of bytes that it cannot read. */
class GzipError extends Error {}

const unexpectedEof = 'unexpected EOF';
const badHeader = 'gzip: invalid header';
const corrupt = 'flate: corrupt input';

/** The codes of a Huffman table: how many there are of each length, and the symbols in their order. */
interface HuffmanTable {
  readonly counts: Uint16Array;
  readonly symbols: readonly number[];
}

const maxCodeLength = 15;

/** compress/flate huffmanDecoder.init: the code is complete, or has a single symbol of one bit. */
function huffmanTable(lengths: readonly number[]): HuffmanTable {
  const counts = new Uint16Array(maxCodeLength + 1);
  for (const length of lengths) if (length > 0) counts[length]!++;
  const maxLength = counts.findLastIndex((count) => count > 0);
  let code = 0;
  for (let length = 1; length <= maxLength; length++) code = code * 2 + counts[length]!;
  let unusedCodes = 1;
  for (let length = 1; length <= maxCodeLength; length++) unusedCodes = unusedCodes * 2 - counts[length]!;
  const isComplete = unusedCodes === 0 || maxLength < 1 || (maxLength === 1 && code === 1);
  if (!isComplete) throw new GzipError(corrupt);
  const symbols = [...lengths.keys()].filter((symbol) => lengths[symbol]! > 0);
  return { counts, symbols: symbols.sort((a, b) => lengths[a]! - lengths[b]! || a - b) };
}

/** The tables of a block without its own. All codes of five bits are distances; the last two are refused when used. */
function fixedTables(): readonly [HuffmanTable, HuffmanTable] {
  const lengths = ([8, 9, 7, 8] as const).flatMap((length, i) => Array<number>([144, 112, 24, 8][i]!).fill(length));
  return [huffmanTable(lengths), huffmanTable(Array<number>(32).fill(5))];
}

/** The order in which the lengths of the code for code lengths are written. */
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const maxLiterals = 286;
const maxDistances = 30;

/** Reads bits, the lowest first, and whole bytes. */
class BitReader {
  readonly bytes: Uint8Array;
  at = 0;
  #bits = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new GzipError(unexpectedEof);
    return byte;
  }

  bits(count: number): number {
    while (this.#count < count) {
      this.#bits |= this.byte() << this.#count;
      this.#count += 8;
    }
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#count -= count;
    return value;
  }

  /** The rest of the byte is skipped. */
  align(): void {
    this.#bits = this.#count = 0;
  }

  symbol({ counts, symbols }: HuffmanTable): number {
    let [code, first, index] = [0, 0, 0];
    for (let length = 1; length <= maxCodeLength; length++) {
      code |= this.bits(1);
      const count = counts[length]!;
      if (code - count < first) return symbols[index + code - first]!;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new GzipError(corrupt);
  }
}

/** Bytes that grow, up to the limit. */
class Output {
  #bytes = new Uint8Array(1024);
  length = 0;

  push(byte: number): void {
    if (this.length === this.#bytes.length) {
      if (this.length >= maxDecompressed) throw new GzipError(corrupt);
      const grown = new Uint8Array(this.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.length++] = byte;
  }

  /** @param start of what may be copied */
  copy(distance: number, count: number, start: number): void {
    if (distance > this.length - start) throw new GzipError(corrupt);
    for (let i = 0; i < count; i++) this.push(this.#bytes[this.length - distance]!);
  }

  from(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.length);
  }
}

/** The tables of a block with its own codes. */
function readTables(input: BitReader): readonly [HuffmanTable, HuffmanTable] {
  const [literals, distances, codes] = [input.bits(5) + 257, input.bits(5) + 1, input.bits(4) + 4];
  if (literals > maxLiterals || distances > maxDistances) throw new GzipError(corrupt);
  const codeLengths = Array<number>(19).fill(0);
  for (const symbol of lengthOrder.slice(0, codes)) codeLengths[symbol] = input.bits(3);
  const table = huffmanTable(codeLengths);
  const lengths: number[] = [];
  while (lengths.length < literals + distances) {
    const symbol = input.symbol(table);
    if (symbol < 16) {
      lengths.push(symbol);
      continue;
    }
    const last = lengths.at(-1);
    if (symbol === 16 && last === undefined) throw new GzipError(corrupt);
    const repeat = symbol === 16 ? input.bits(2) + 3 : symbol === 17 ? input.bits(3) + 3 : input.bits(7) + 11;
    for (let i = 0; i < repeat; i++) lengths.push(symbol === 16 ? last! : 0);
  }
  if (lengths.length > literals + distances) throw new GzipError(corrupt);
  return [huffmanTable(lengths.slice(0, literals)), huffmanTable(lengths.slice(literals))];
}

/** The lengths of symbols 257 to 284: each group of four has one more extra bit. */
function matchLength(symbol: number, input: BitReader): number {
  const index = symbol - 257;
  if (index > 28) throw new GzipError(corrupt);
  if (index === 28) return 258;
  if (index < 8) return index + 3;
  const extra = (index >> 2) - 1;
  return ((4 + (index & 3)) << extra) + 3 + input.bits(extra);
}

function matchDistance(symbol: number, input: BitReader): number {
  if (symbol >= maxDistances) throw new GzipError(corrupt);
  if (symbol < 4) return symbol + 1;
  const extra = (symbol >> 1) - 1;
  return ((2 + (symbol & 1)) << extra) + 1 + input.bits(extra);
}

/** compress/flate: one stream, up to its last block. */
function inflate(input: BitReader, output: Output): void {
  const start = output.length;
  for (let isLast = false; !isLast;) {
    isLast = input.bits(1) === 1;
    const type = input.bits(2);
    if (type === 3) throw new GzipError(corrupt);
    if (type === 0) {
      input.align();
      const length = input.byte() | (input.byte() << 8);
      const complement = input.byte() | (input.byte() << 8);
      if ((length ^ 0xffff) !== complement) throw new GzipError(corrupt);
      for (let i = 0; i < length; i++) output.push(input.byte());
      continue;
    }
    const [literals, distances] = type === 1 ? fixedTables() : readTables(input);
    for (let symbol = input.symbol(literals); symbol !== 256; symbol = input.symbol(literals)) {
      if (symbol < 256) output.push(symbol);
      else {
        const length = matchLength(symbol, input);
        output.copy(matchDistance(input.symbol(distances), input), length, start);
      }
    }
  }
  input.align();
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  return crc;
});

/** hash/crc32 with the polynomial of IEEE. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ crcTable[(crc ^ bytes[i]!) & 0xff]!;
  return ~crc >>> 0;
}

/** compress/gzip readHeader. */
function readHeader(input: BitReader): void {
  const start = input.at;
  const fixed = Array.from({ length: 10 }, () => input.byte());
  if (fixed[0] !== 0x1f || fixed[1] !== 0x8b || fixed[2] !== 8) throw new GzipError(badHeader);
  const flags = fixed[3]!;
  const pair = (): number => input.byte() | (input.byte() << 8);
  if (flags & 4) for (let left = pair(); left > 0; left--) input.byte();
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue;
    for (let length = 0; input.byte() !== 0; length++) if (length >= 511) throw new GzipError(badHeader);
  }
  if (flags & 2 && (crc32(input.bytes.subarray(start, input.at)) & 0xffff) !== pair()) throw new GzipError(badHeader);
}

export type GunzipResult =
  { readonly ok: true; readonly body: string } | { readonly ok: false; readonly error: string };

/** compress/gzip: concatenated streams, and nothing after the last; binary in, binary out. */
export function gunzip(body: string): GunzipResult {
  if (body === '') return { ok: false, error: 'EOF' };
  const input = new BitReader(toBytes(body));
  const output = new Output();
  try {
    while (input.at < input.bytes.length) {
      readHeader(input);
      const start = output.length;
      inflate(input, output);
      const readUint32 = (): number => (input.bits(16) | (input.bits(16) << 16)) >>> 0;
      const [crc, size] = [readUint32(), readUint32()];
      const bytes = output.from(start);
      if (crc !== crc32(bytes) || size !== bytes.length) throw new GzipError('gzip: invalid checksum');
    }
    return { ok: true, body: fromBytes(output.from(0)) };
  } catch (error) {
    if (!(error instanceof GzipError)) throw error;
    return { ok: false, error: error.message };
  }
}
