import { escapeHidden, escapeName, escapeText, isShownAsItIs, jsonForm } from '../model/text.js';
import { FileOutput, type Lines, printFileOutput, printLines, type Style, styled, type Text } from './style.js';
import type { Result, ResultTable, TableCell } from './view.js';
import { bugError, KapadminError, stopKind, usageError } from '../errors.js';
import { shortLine } from './logger.js';

/** What is printed. */
interface RenderedOutput {
  /** Ends in a line end unless empty. */
  readonly text: string;
  /** Data differ from what they are in a pipe, because a terminal shows them. */
  readonly isEscaped: boolean;
}

/** Lines for people, or the text of a file. */
function renderText(text: Lines | FileOutput, { terminal }: Style): RenderedOutput {
  if (!(text instanceof FileOutput)) return { text: printLines(text), isEscaped: false };
  const shown = terminal ? printFileOutput(text) : text.text;
  return { text: shown, isEscaped: shown !== text.text };
}

/** One name a line. In a pipe names are data, and only a line end in one is escaped: it would make two names of it. */
function renderNames(names: readonly string[], { terminal }: Style): RenderedOutput {
  const raw = names.map((name) => `${name}\n`).join('');
  const text = terminal ? printLines(names) : names.map((name) => `${name.replace(/[\n\r]/g, escapeText)}\n`).join('');
  return { text, isEscaped: terminal && text !== raw };
}

/** Renders a result in a format that its view has: the one place where its texts are escaped. */
export async function render(
  { data, view }: Result<unknown>,
  format: string,
  style: Style,
  csv: { readonly raw: boolean } = { raw: false },
): Promise<RenderedOutput> {
  if (format === 'table') return renderText(view.text(data, style), style);
  const unescaped = (text: string): RenderedOutput => ({ text, isEscaped: false });
  if (format === 'json') return unescaped(`${renderJson(view.json(data), view.oneLine === true ? 0 : 2)}\n`);
  if (format === 'yaml') return unescaped(await renderYaml(view.json(data)));
  const { extra = {} } = view;
  if (format === 'csv' && extra.csv !== undefined) {
    return renderCsv(extra.csv(data), { raw: csv.raw, terminal: style.terminal });
  }
  if (format === 'junit' && extra.junit !== undefined) {
    return unescaped((await import('./formats/junit.js')).renderJunit(extra.junit(data)));
  }
  if (format === 'name' && extra.name !== undefined) return renderNames(extra.name(data), style);
  const isText = format === 'markdown' || format === 'html' || format === 'sarif';
  return unescaped((isText ? await extra[format]?.(data) : undefined) ?? '');
}

/** A value as JSON; what does not show is `\uNNNN` in it, which changes no value. */
export function renderJson(value: unknown, indent = 2): string {
  const text = JSON.stringify(value, null, indent) ?? 'null';
  return text.replace(/[^\n]+/g, (line) => escapeHidden(line, jsonForm));
}

/** What readers of YAML 1.1 take for something else than text, beyond what the library knows (dates, 1:30, yes). */
const otherInYaml11 = /^(?:[=~]|<<|[-+]?[\d.][\d_.,:+-]*(?:[ePp][-+]?\d*)?|0[xob][\da-f_]*|[\d-]+[Tt ].*)$/i;

/** `\xNN`, `\uNNNN` or `\UNNNNNNNN`: YAML knows no surrogates. */
function yamlForm(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return code < 0x1_0000 ? jsonForm(char) : `\\U${code.toString(16).padStart(8, '0')}`;
}

/** A value as YAML that readers of 1.1 and 1.2 read alike; what does not show is escaped in double quotes. */
async function renderYaml(value: unknown): Promise<string> {
  const { Document, visit } = await import('yaml');
  const document = new Document(value, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value !== 'string') return;
      if (!isShownAsItIs(node.value) || otherInYaml11.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
  return text.replace(/[^\n]+/g, (line) => escapeHidden(line, yamlForm));
}

/** How CSV is written. */
interface CsvOptions {
  /** Fields stay as they are, formulas as well. */
  readonly raw: boolean;
  /** A terminal gets it: what does not show is escaped. */
  readonly terminal: boolean;
}

/** What a spreadsheet takes for a formula, full-width forms included; blanks before it are passed over. */
function isFormula(value: string): boolean {
  return /^[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe62-\ufe66\ufe6b\u2212]|^[\t\r\n]/u.test(value);
}

function field(value: string): string {
  return /[",;\t\r\n]|^ | $/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/**
 * RFC 4180, with a header line. A field that a spreadsheet would run as a formula gets a `'` before it.
 * @returns the text, and whether anything in it was escaped for the terminal
 */
export function renderCsv(table: ResultTable, { raw, terminal }: CsvOptions): { text: string; isEscaped: boolean } {
  let isEscaped = false;
  const shown = (value: string): string => {
    const escaped = terminal ? escapeText(value) : value;
    isEscaped ||= escaped !== value;
    return escaped;
  };
  const cell = (content: TableCell): string => {
    const value = typeof content === 'string' ? content : content.join(', ');
    return field(shown(!raw && isFormula(value) ? `'${value}` : value));
  };
  const lines = [table.columns, ...table.rows].map((row) => `${row.map(cell).join(',')}\r\n`);
  return { text: lines.join(''), isEscaped };
}

/** Text as Markdown shows it as it is, on one line: nothing in it is markup, a link, HTML or the end of a cell. */
export function markdownText(text: string): string {
  return escapeText(text)
    .replace(/[\\`*_[\]{}#|~^$:@]|^[-+=]/g, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/www\./gi, (found) => found.replace('.', '\\.'))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/**
 * A name that nothing makes a link or a mention of: GitHub and GitLab look for `@name`, `#1`, commits and addresses in the
 * text that Markdown became, where an escape no longer shows, but not in code. Addresses they find in code, too.
 */
export function markdownName(name: string): string {
  const text = name === '' ? '""' : markdownText(escapeName(name));
  return `<code>${text.replaceAll('\\@', '\\@<!-- -->')}</code>`;
}

/** A table of GitHub's Markdown. */
export function renderMarkdown({ columns, rows }: ResultTable): string {
  const escaped = [columns, ...rows].map((row) =>
    row.map((cell) => markdownText(typeof cell === 'string' ? cell : cell.join(', '))),
  );
  return markdownTable(escaped[0] ?? [], escaped.slice(1));
}

/** The same of cells that are Markdown already. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('');
}

/** The stack of an error and of what caused it. */
function stackOf(error: Error): string {
  const stack = error.stack ?? error.message;
  return error.cause instanceof Error ? `${stack}\ncaused by ${stackOf(error.cause)}` : stack;
}

/** An error as one to three lines on stderr, or as one JSON object with `-o json`; its stack only with `--debug`. */
export function renderError(error: KapadminError, options: { json: boolean; debug: boolean; style: Style }): string {
  const { code } = error;
  const message = shortLine(error.message);
  const list = error.list.map(shortLine);
  const hint = error.hint === undefined ? undefined : shortLine(error.hint);
  if (options.json) {
    return `${renderJson({ error: { code, message: [message, ...list].join('\n'), ...(hint === undefined ? {} : { hint }) } }, 0)}\n`;
  }
  const { red, dim } = options.style.color;
  const lines: Text[] = [styled`${red('error:')} ${message}`, ...list];
  if (hint !== undefined) lines.push(hint);
  if (options.debug) lines.push(...stackOf(error).split('\n').map(dim));
  return printLines(lines);
}

/**
 * A commander error as one of ours; `hint` replaces commander's suggestion. The value of an unknown flag may be a
 * password.
 */
export function usageErrorFrom(message: string, hint?: string): KapadminError {
  const text = message
    .replace(/^error: /, '')
    .replace(/^(unknown option '-[^=]*=)[^]*'/, "$1***'")
    .replace(/^(unknown option '-[^-])[^]+'/, "$1***'");
  const [, fault = text, advice] = /^(.*?)(?:\n\((Did you mean .*)\))?$/s.exec(text) ?? [];
  return usageError('usage', fault, hint ?? advice);
}

/** The output of a command that has done its work could not be written: what it did is done. */
export function outputWriteError(error: unknown, stop: AbortSignal, hint: string | undefined): KapadminError {
  const known = toKapadminError(error);
  const ended = known.kind === 'hung-up' ? known.kind : 'partial';
  const kind = stop.aborted ? stopKind(stop.reason) : ended;
  return new KapadminError(kind, known.code, `done, but ${known.message}`, {
    hint,
    cause: known,
  });
}

/** An unexpected error becomes a bug report with the one line that helps. */
export function toKapadminError(error: unknown): KapadminError {
  return error instanceof KapadminError ? error : bugError(error);
}
