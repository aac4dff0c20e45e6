import fastStringWidth from 'fast-string-width';
import { escapeName } from '../model/text.js';

/** Characters that are measured, the others are counted: the time grows with the square of the length. */
const maxMeasured = 500;

const ascii = /^[ -~]*$/;
/** Vowel signs of Indic scripts: fast-string-width takes them for marks without a width. */
const spacingMark = /\p{Mc}/gu;

/** The width of a text in terminal cells; of one that no terminal shows in a line about that. */
export function displayWidth(text: string): number {
  if (ascii.test(text)) return text.length;
  const head = text.slice(0, maxMeasured).normalize();
  return fastStringWidth(head) + (head.match(spacingMark)?.length ?? 0) + Math.max(0, text.length - maxMeasured);
}

/** The width that a raw name has when it is printed in a cell. */
export function escapedWidth(name: string): number {
  return displayWidth(escapeName(name));
}

/** Made when it is needed: that takes a third of the time of a short command. */
let segmenter: Intl.Segmenter | undefined;

/** The most characters that a cell of a terminal is taken to need. */
const maxCharsPerCell = 20;

/** Cuts a text to a width in terminal cells, with `…` for what is left out. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of (segmenter ??= new Intl.Segmenter()).segment(text.slice(0, width * maxCharsPerCell))) {
    const cells = displayWidth(segment);
    if (used + cells > width - 1) break;
    kept += segment;
    used += cells;
  }
  return `${kept}…`;
}
