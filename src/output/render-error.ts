import { KapadminError, usageError, stopKind, bugError } from '../errors.js';
import { type Style, type Text, styled, printLines } from './style.js';
import { shortLine } from './logger.js';
import { renderJson } from './render.js';

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
