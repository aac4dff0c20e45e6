import type { Finding } from '../../diagnostics/finding.js';
import { placeText } from '../findings-place.js';
import type { Style } from '../style.js';
import { FileText, type Lines, type Text } from '../styled.js';
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
  readonly written?: { readonly done: boolean; readonly isDiffTold: boolean; readonly files: readonly string[] };
}

/** One finding on one line, with how it is mended by hand. */
function brief({ title, id, place, mends }: Finding): string {
  const where = place === undefined ? '' : ` at ${placeText(place)}`;
  const [mend] = mends;
  const line = mend?.command === undefined ? mend?.setting?.replaceAll('\n', ', ') : String(mend.command);
  const told = mend === undefined ? '' : ` ${mend.what}${line === undefined ? '' : `: ${line}`}`;
  return `${title} (${id})${where}.${told}`;
}

/** What was mended and what is left, for people. */
export function fixNotes({ mended, left }: Pick<Fixed, 'mended' | 'left'>): readonly string[] {
  return [
    ...mended.map(({ title, id, fact }) => `Mended: ${title} (${id}). ${fact}`),
    ...left.map((one) => `Not mended: ${brief(one)}`),
  ];
}

/** The lines of a diff; tabs show as they do in a file. */
export function diffLines(diff: string): readonly string[] {
  return diff.trimEnd().replaceAll('\t', '        ').split('\n');
}

function writtenText({ file, diff, written }: Fixed, { color }: Style): Lines {
  if (diff === '') return [`Nothing to change in ${file}.`];
  const paint = (line: string): Text => {
    return line.startsWith('-') ? color.red(line) : line.startsWith('+') ? color.green(line) : line;
  };
  const changed = written?.files.join(' and ') ?? file;
  const end = written?.done === true ? `Changed ${changed}.` : `Not changed: ${changed} (dry run).`;
  return [...(written?.isDiffTold === true ? [] : [...diffLines(diff).map(paint), '']), end];
}

export const fixView: View<Fixed> = {
  text: (fixed, style) => (fixed.written === undefined ? new FileText(fixed.printed) : writtenText(fixed, style)),
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
