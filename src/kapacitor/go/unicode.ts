import { letters, printable } from './unicode-ranges.js';

/** The code points of one class, tested by bisection. */
class CodePoints {
  readonly #edges: Uint32Array;

  constructor(ranges: string) {
    const edges: number[] = [];
    let at = 0;
    for (const range of ranges.split(' ')) {
      const [gap = '', more = '0'] = range.split('-');
      const start = at + parseInt(gap, 36);
      at = start + parseInt(more, 36) + 1;
      edges.push(start, at);
    }
    this.#edges = Uint32Array.from(edges);
  }

  has(codePoint: number): boolean {
    let low = 0;
    let high = this.#edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#edges[middle] ?? 0) <= codePoint) low = middle + 1;
      else high = middle;
    }
    return low % 2 === 1;
  }
}

let printables: CodePoints | undefined;
let letterClass: CodePoints | undefined;

/** Go's strconv.IsPrint. */
export function isPrint(codePoint: number): boolean {
  if (codePoint < 0x7f) return codePoint >= 0x20;
  printables ??= new CodePoints(printable);
  return printables.has(codePoint);
}

/** Go's unicode.IsLetter, which is also `\p{L}` of its regular expressions. */
export function isLetter(codePoint: number): boolean {
  if (codePoint < 0x80) return (codePoint | 0x20) >= 0x61 && (codePoint | 0x20) <= 0x7a;
  letterClass ??= new CodePoints(letters);
  return letterClass.has(codePoint);
}
