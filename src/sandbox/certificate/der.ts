/** One value in DER: tag, length, content. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

function length(count: number): Uint8Array {
  if (count < 0x80) return Buffer.from([count]);
  const hex = count.toString(16);
  const digits = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Buffer.from([0x80 + digits.length, ...digits]);
}

export const sequence = (...items: readonly Uint8Array[]): Uint8Array => der(0x30, ...items);
export const set = (...items: readonly Uint8Array[]): Uint8Array => der(0x31, ...items);
export const octets = (content: Uint8Array): Uint8Array => der(0x04, content);
export const utf8 = (text: string): Uint8Array => der(0x0c, Buffer.from(text));
export const yes: Uint8Array = der(0x01, Buffer.from([0xff]));

/** A bit string of whole bytes, or with `unused` bits at its end. */
export const bits = (content: Uint8Array, unused = 0): Uint8Array => der(0x03, Buffer.from([unused]), content);

/** A positive integer, given as its bytes. */
export function integer(bytes: Uint8Array): Uint8Array {
  const first = bytes[0] ?? 0;
  return first < 0x80 ? der(0x02, bytes) : der(0x02, Buffer.from([0]), bytes);
}

/** A value tagged by its place in a structure: [n]. */
export const tagged = (n: number, ...items: readonly Uint8Array[]): Uint8Array => der(0xa0 + n, ...items);

/** An object identifier, dotted. */
export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const digits = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) digits.unshift(0x80 | (left & 0x7f));
    bytes.push(...digits);
  }
  return der(0x06, Buffer.from(bytes));
}

/** A moment (ms since 1970): UTCTime up to 2049, GeneralizedTime after, as RFC 5280 wants. */
export function time(ms: number): Uint8Array {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  return text < '2050' ? der(0x17, Buffer.from(text.slice(2))) : der(0x18, Buffer.from(text));
}
