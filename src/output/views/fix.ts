import { escapeControls } from '../../model/text.js';
import type { Finding } from '../../report/findings/finding.js';
import { placeText } from '../findings-place.js';
import type { Style } from '../style.js';
import type { View } from '../view.js';

/** A mended kapacitor.conf. */
export interface Fixed {
  readonly file: string;
  /** The mended text, secrets masked. */
  readonly shown: string;
  /** What is printed: `shown`, or the text itself where it goes to a file. */
  readonly printed: string;
  /** Of the masked texts. */
  readonly diff: string;
  readonly mended: readonly Finding[];
  readonly left: readonly Finding[];
  /** What became of the file; absent: it was not to be changed. */
  readonly written?: { readonly done: boolean; readonly isDiffTold: boolean };
}

/** Lines of a file, fit for a terminal. */
export function escapeLines(text: string): string {
  return text.replace(/[^\n\t]+/g, escapeControls);
}

/** One finding on one line, with how it is mended by hand. */
function brief({ title, id, place, mends }: Finding): string {
  const where = place === undefined ? '' : ` at ${placeText(place)}`;
  const [mend] = mends;
  const told = mend === undefined ? '' : ` ${mend.what}: ${mend.command ?? mend.setting ?? ''}`;
  return `${title} (${id})${where}.${told}`;
}

/** What was mended and what is left, for people. */
export function fixNotes({ mended, left }: Pick<Fixed, 'mended' | 'left'>): readonly string[] {
  return [
    ...mended.map(({ title, id, fact }) => `Mended: ${title} (${id}). ${fact}`),
    ...left.map((one) => `Not mended: ${brief(one)}`),
  ];
}

function writtenText({ file, diff, written }: Fixed, { color }: Style): string {
  const shown = escapeControls(file);
  if (diff === '') return `Nothing to change in ${shown}.\n`;
  const paint = (line: string): string => {
    return line.startsWith('-') ? color.red(line) : line.startsWith('+') ? color.green(line) : line;
  };
  const lines = escapeLines(diff).split('\n').map(paint).join('\n');
  const end = written?.done === true ? `Changed ${shown}.` : `Not changed: ${shown} (dry run).`;
  return `${written?.isDiffTold === true ? '' : `${lines}\n`}${end}\n`;
}

export const fixView: View<Fixed> = {
  text: (fixed, style) => (fixed.written === undefined ? fixed.printed : writtenText(fixed, style)),
  json: ({ file, shown, diff, mended, left, written }) => ({
    file,
    changed: diff !== '',
    written: written?.done === true,
    text: shown,
    diff,
    mended,
    left,
  }),
};
