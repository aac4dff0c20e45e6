import { escapeText } from '../model/text.js';

type Colorize = (text: string) => string;

interface Span {
  readonly text: string;
  readonly paints: readonly Colorize[];
  /** The text is escaped: a table had to know its width. */
  readonly isEscaped?: boolean;
}

/** A piece of a line with its colours. Its texts are raw: they are escaped when the line is printed. */
export class Styled {
  readonly spans: readonly Span[];

  constructor(spans: readonly Span[]) {
    this.spans = spans;
  }

  /** The raw text without its colours. */
  toString(): string {
    return this.spans.map(({ text }) => text).join('');
  }
}

/** Raw text, with colours or without. */
export type Text = string | Styled;

/** The lines of a view, raw. A line end inside a line is escaped like any other control character. */
export type Lines = readonly Text[];

/**
 * The text of a file, printed as what a command gives (`config fix`): whole lines, tabs kept; raw in a file or a pipe,
 * escaped line by line on a terminal.
 */
export class FileOutput {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function spansOf(text: Text): readonly Span[] {
  return typeof text === 'string' ? [{ text, paints: [] }] : text.spans;
}

/** A template whose values keep their colours: `` styled`${color.red('failed:')} ${name}` ``. */
export function styled(texts: TemplateStringsArray, ...values: readonly (Text | number)[]): Styled {
  const spans = texts.flatMap((text, i) => {
    const value = values[i];
    const after = value === undefined ? [] : spansOf(typeof value === 'number' ? String(value) : value);
    return text === '' ? after : [{ text, paints: [] }, ...after];
  });
  return new Styled(spans);
}

/** Texts one after the other, with `separator` between them. */
export function joinText(texts: readonly Text[], separator = ''): Styled {
  return new Styled(texts.flatMap((text, i) => [...(i === 0 ? [] : spansOf(separator)), ...spansOf(text)]));
}

/** The text in one more colour. */
function withColor(text: Text, paint: Colorize): Styled {
  return new Styled(spansOf(text).map((span) => ({ ...span, paints: [...span.paints, paint] })));
}

/** Text that `escapeText` gave already; for tables, which have to know its width. */
export function escapedText(text: string): Styled {
  return new Styled([{ text, paints: [], isEscaped: true }]);
}

/** One line as a terminal gets it: escaped, coloured. */
export function printLine(line: Text): string {
  if (typeof line === 'string') return escapeText(line);
  return line.spans
    .map(({ text, paints, isEscaped }) => {
      const shown = isEscaped === true ? text : escapeText(text);
      return paints.reduce((paintedText, paint) => paint(paintedText), shown);
    })
    .join('');
}

/** Lines as a terminal gets them, each with its line end. */
export function printLines(lines: Lines): string {
  return lines.map((line) => `${printLine(line)}\n`).join('');
}

/** A file's text as a terminal gets it. */
export function printFileOutput({ text }: FileOutput): string {
  return text.replace(/[^\n\t]+/g, escapeText);
}

/** Blocks of lines with an empty line between them; empty blocks are left out. */
export function joinBlocks(blocks: readonly Lines[]): Lines {
  return blocks.filter((block) => block.length > 0).flatMap((block, i) => (i === 0 ? block : ['', ...block]));
}

const colors = ['red', 'green', 'yellow', 'cyan', 'dim', 'bold'] as const;

type ColorName = (typeof colors)[number];

type Colors = Readonly<Record<ColorName, (text: Text) => Styled>>;

/** What a renderer may know of the place it writes to. */
export interface Style {
  readonly color: Colors;
  /** Width of the terminal; undefined without one (nothing is truncated then). */
  readonly columns: number | undefined;
  readonly terminal: boolean;
}

/**
 * Whether to colour: `--no-color` and `NO_COLOR` forbid it, `FORCE_COLOR` asks for it, else it is for terminals
 * that are not dumb.
 */
export function colorLevel(
  env: Readonly<Record<string, string | undefined>>,
  terminal: boolean,
  noColor: boolean,
): 0 | 1 {
  if (noColor || (env['NO_COLOR'] ?? '') !== '') return 0;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force === '0' || force === 'false' ? 0 : 1;
  return terminal && env['TERM'] !== 'dumb' ? 1 : 0;
}

function colorsBy(paintOf: (name: ColorName) => Colorize | undefined): Colors {
  const color = (name: ColorName): ((text: Text) => Styled) => {
    const paint = paintOf(name);
    return (text) => (paint === undefined ? new Styled(spansOf(text)) : withColor(text, paint));
  };
  return Object.fromEntries(colors.map((name) => [name, color(name)])) as Colors;
}

export const noColors: Colors = colorsBy(() => undefined);

/** Chalk is loaded only where something is coloured: it takes a tenth of the time of a short command. */
export async function loadColors(level: 0 | 1): Promise<Colors> {
  if (level === 0) return noColors;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level });
  return colorsBy((name) => chalk[name]);
}

/** No colour, no width: for files and pipes. */
export const plainStyle: Style = { color: noColors, terminal: false, columns: undefined };
