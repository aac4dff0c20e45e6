/** A member of SHA-2 (FIPS 180-4); the sizes are in bits, the rotations those of its four sigma functions. */
interface Sha2 {
  readonly word: 32 | 64;
  readonly rounds: 64 | 80;
  readonly digest: number;
  /** The square roots of eight primes from this one on are the initial state. */
  readonly firstPrime: 0 | 8;
  readonly sums: readonly [Rotations, Rotations];
  /** The last one is a shift. */
  readonly schedule: readonly [Rotations, Rotations];
}

type Rotations = readonly [bigint, bigint, bigint];

const sha512Parameters = {
  word: 64,
  rounds: 80,
  sums: [
    [28n, 34n, 39n],
    [14n, 18n, 41n],
  ],
  schedule: [
    [1n, 8n, 7n],
    [19n, 61n, 6n],
  ],
} as const;

const hashes = {
  sha256: {
    word: 32,
    rounds: 64,
    digest: 256,
    firstPrime: 0,
    sums: [
      [2n, 13n, 22n],
      [6n, 11n, 25n],
    ],
    schedule: [
      [7n, 18n, 3n],
      [17n, 19n, 10n],
    ],
  },
  sha384: { ...sha512Parameters, digest: 384, firstPrime: 8 },
  sha512: { ...sha512Parameters, digest: 512, firstPrime: 0 },
} as const satisfies Readonly<Record<string, Sha2>>;

export type HashName = keyof typeof hashes;

function primes(count: number): readonly number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}

/** The first 64 fractional bits of a prime's square or cube root: a float, made exact by Newton's steps. */
function rootBits(prime: number, degree: 2n | 3n): bigint {
  const radicand = BigInt(prime) << (64n * degree);
  let root = BigInt(Math.floor(prime ** (1 / Number(degree)) * 2 ** 48)) << 16n;
  for (let i = 0; i < 2; i++) root -= (root ** degree - radicand) / (degree * root ** (degree - 1n));
  while (root ** degree > radicand) root -= 1n;
  while ((root + 1n) ** degree <= radicand) root += 1n;
  return BigInt.asUintN(64, root);
}

let cachedConstants: { readonly squares: readonly bigint[]; readonly cubes: readonly bigint[] } | undefined;

function constants() {
  cachedConstants ??= {
    squares: primes(16).map((prime) => rootBits(prime, 2n)),
    cubes: primes(80).map((prime) => rootBits(prime, 3n)),
  };
  return cachedConstants;
}

/** A number as bytes, big-endian; binary. */
function toBigEndian(value: bigint, count: number): string {
  let bytes = '';
  for (let i = count - 1; i >= 0; i--) bytes += String.fromCharCode(Number((value >> BigInt(8 * i)) & 0xffn));
  return bytes;
}

/** Bytes as a number, big-endian. */
function fromBigEndian(bytes: string): bigint {
  let value = 0n;
  for (let i = 0; i < bytes.length; i++) value = (value << 8n) | BigInt(bytes.charCodeAt(i));
  return value;
}

function digest(name: HashName, message: string): string {
  const { word, rounds, digest: bits, firstPrime, sums, schedule }: Sha2 = hashes[name];
  const width = BigInt(word);
  const truncate = (value: bigint): bigint => BigInt.asUintN(word, value);
  const rotate = (value: bigint, count: bigint): bigint => (value >> count) | truncate(value << (width - count));
  const sum = (value: bigint, [a, b, c]: Rotations): bigint => rotate(value, a) ^ rotate(value, b) ^ rotate(value, c);
  const mix = (value: bigint, [a, b, c]: Rotations): bigint => rotate(value, a) ^ rotate(value, b) ^ (value >> c);
  const { squares, cubes } = constants();
  const root = (value: bigint): bigint => value >> (64n - width);

  const [wordBytes, blockBytes] = [word / 8, word * 2];
  const zeros = '\0'.repeat((2 * blockBytes - 1 - wordBytes * 2 - (message.length % blockBytes)) % blockBytes);
  const padded = `${message}\u0080${zeros}${toBigEndian(BigInt(message.length) * 8n, wordBytes * 2)}`;
  let state = squares.slice(firstPrime, firstPrime + 8).map(root);
  for (let at = 0; at < padded.length; at += blockBytes) {
    const words: bigint[] = [];
    for (let i = 0; i < rounds; i++) {
      if (i < 16) {
        const start = at + i * wordBytes;
        words.push(fromBigEndian(padded.slice(start, start + wordBytes)));
      } else {
        const sigmas = mix(words[i - 2]!, schedule[1]) + mix(words[i - 15]!, schedule[0]);
        words.push(truncate(sigmas + words[i - 7]! + words[i - 16]!));
      }
    }
    let [a, b, c, d, e, f, g, h] = state as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
    for (let i = 0; i < rounds; i++) {
      const first = h + sum(e, sums[1]) + ((e & f) ^ (truncate(~e) & g)) + root(cubes[i]!) + words[i]!;
      const second = sum(a, sums[0]) + ((a & b) ^ (a & c) ^ (b & c));
      [a, b, c, d, e, f, g, h] = [truncate(first + second), a, b, c, truncate(d + first), e, f, g];
    }
    state = [a, b, c, d, e, f, g, h].map((value, i) => truncate(value + state[i]!));
  }
  return state
    .map((value) => toBigEndian(value, wordBytes))
    .join('')
    .slice(0, bits / 8);
}

/** Go's crypto/hmac over SHA-2, in plain JavaScript, so that the engine runs in a browser; binary in, binary out. */
export function hmac(name: HashName, key: string, message: string): string {
  const blockBytes = hashes[name].word * 2;
  const shortKey = key.length > blockBytes ? digest(name, key) : key;
  const padded = shortKey.padEnd(blockBytes, '\0');
  const xor = (byte: number): string =>
    padded.replaceAll(/[^]/g, (char) => String.fromCharCode(char.charCodeAt(0) ^ byte));
  return digest(name, xor(0x5c) + digest(name, xor(0x36) + message));
}
