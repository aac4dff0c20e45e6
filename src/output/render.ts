import { bugError, KapadminError, stopKind, usageError } from '../errors.js';
import { escapeText, excerpt } from '../model/text.js';
import { renderCsv } from './formats/csv-markdown.js';
import { renderJson, renderYaml } from './formats/json-yaml.js';
import { FileOutput, type Lines, printFileOutput, printLines, type Style, styled, type Text } from './style.js';
import { commonFormats, type ExtraFormat, type Result, type View } from './view.js';
import { shortLine } from './logger.js';

function hasFormat(format: string, view: View<unknown>): format is ExtraFormat {
  return view.extra !== undefined && Object.hasOwn(view.extra, format);
}

function unknownOutput(format: string, known: readonly string[]): Error {
  return usageError(
    'unknown-output',
    `this command has no output "${excerpt(format, 40)}"; it has ${known.join(', ')}`,
  );
}

/** Throws a usage error unless the format is one that every command has or one of `extra`. */
export function checkFormat(format: string, extra: readonly string[]): void {
  const known = [...commonFormats, ...extra];
  if (!known.includes(format)) throw unknownOutput(format, known);
}

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

/** Renders a result in the requested format: the one place where its texts are escaped. */
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
  if (!hasFormat(format, view)) throw unknownOutput(format, [...commonFormats, ...Object.keys(extra)]);
  if (format === 'csv' && extra.csv !== undefined) {
    return renderCsv(extra.csv(data), { raw: csv.raw, terminal: style.terminal });
  }
  if (format === 'name' && extra.name !== undefined) return renderNames(extra.name(data), style);
  return unescaped(format === 'csv' || format === 'name' ? '' : ((await extra[format]?.(data)) ?? ''));
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
