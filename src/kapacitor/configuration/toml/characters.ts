/** The end of the file, as a code point: a real NUL is refused before anybody sees it. */
export const endOfFile = 0;

export function isBlank(r: number): boolean {
  return r === 0x20 || r === 0x09;
}

export function isLineEnd(r: number): boolean {
  return r === 0x0a || r === 0x0d;
}

export function isDigit(r: number): boolean {
  return r >= 0x30 && r <= 0x39;
}

export function isBinary(r: number): boolean {
  return r === 0x30 || r === 0x31;
}

export function isOctal(r: number): boolean {
  return r >= 0x30 && r <= 0x37;
}

export function isHex(r: number): boolean {
  return isDigit(r) || ((r | 0x20) >= 0x61 && (r | 0x20) <= 0x66);
}

export function isBareKey(r: number): boolean {
  return isDigit(r) || ((r | 0x20) >= 0x61 && (r | 0x20) <= 0x7a) || r === 0x5f || r === 0x2d;
}

/** Control characters but tab, line feed and carriage return. */
export function isControl(r: number): boolean {
  return (r < 0x20 && r !== 0x09 && !isLineEnd(r)) || r === 0x7f;
}
