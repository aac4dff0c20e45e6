import stringWidth from 'string-width';

/** Characters that are measured together: the time for a text grows with the square of its length. */
const piece = 500;

const ascii = /^[ -~]*$/;

/** Where a piece that begins at `from` ends: never within a pair of surrogates. */
function endOf(text: string, from: number): number {
  const end = from + piece;
  return /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end - 1 : end;
}

/** The width of a text without control characters in terminal cells. */
export function widthOf(text: string): number {
  if (ascii.test(text)) return text.length;
  let width = 0;
  for (let from = 0; from < text.length; from = endOf(text, from))
    width += stringWidth(text.slice(from, endOf(text, from)));
  return width;
}

/** Made when it is needed: that takes a third of the time of a short command. */
let segmenter: Intl.Segmenter | undefined;

/** The most characters that a cell of a terminal is taken to need. */
const densest = 20;

/** Cuts a text to a width in terminal cells, with `…` for what is left out. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of (segmenter ??= new Intl.Segmenter()).segment(text.slice(0, width * densest))) {
    const cells = widthOf(segment);
    if (used + cells > width - 1) break;
    kept += segment;
    used += cells;
  }
  return `${kept}…`;
}
