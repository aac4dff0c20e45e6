const quote = 0x22;
const backslash = 0x5c;

/**
 * Whether arrays and objects of a JSON text lie deeper in each other than `limit`. JSON.parse takes 40 bytes of memory
 * for each level, so 64 MiB of brackets would cost gigabytes.
 */
export function deeperThan(json: Uint8Array, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) {
      at++;
      while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1;
    } else if (byte === 0x5b || byte === 0x7b) {
      depth++;
      if (depth > limit) return true;
    } else if (byte === 0x5d || byte === 0x7d) {
      depth--;
    }
  }
  return false;
}
