import type { Context } from '../context.js';
import type { Secret } from '../model/secret.js';

/** A question; its message is raw, the labels of its choices are escaped, since their width counts. */
export type PromptQuestion =
  | { readonly kind: 'line'; readonly message: string; readonly fault?: (answer: string) => string | undefined }
  | { readonly kind: 'hidden'; readonly message: string }
  | { readonly kind: 'several'; readonly message: string; readonly choices: readonly PromptChoice[] };

/** Lines and hidden lines return a string, multiple choices their values. */
export type PromptAnswer = string | readonly string[];

/** The error of a command that was stopped at a question. */
export const cancelledMessage = 'cancelled: no changes were made';

/** One of several things to choose from. */
export interface PromptChoice {
  readonly value: string;
  /** One line, fit for a terminal. */
  readonly label: string;
  /** The whole explanation, where the label has not room for it; fit for a terminal. */
  readonly description?: string;
}

/**
 * Prompts on a terminal. Each rejects with an `interrupted` error on Ctrl-C and Ctrl-D, with the signal's own on a
 * signal, and without a terminal with a usage error that names the flag to use `instead`.
 */
export interface Prompter {
  /** Repeated, with the error, until the input is valid. */
  text(question: string, alternatives?: string, validate?: (answer: string) => string | undefined): Promise<string>;
  /** Prompted for twice, hidden. */
  newPassword(question: string, alternatives?: string): Promise<Secret>;
  /** Prompted for once, hidden. */
  password(question: string, alternatives?: string): Promise<Secret>;
  /** True only if exactly `name` was typed, or its escaped form if it has control characters. */
  confirmByTyping(question: string, name: string): Promise<boolean>;
  /** At least one of the values. */
  choose(question: string, choices: readonly PromptChoice[]): Promise<readonly string[]>;
}

/**
 * Whether there is a person to ask: questions are read from standard input and shown on standard error, of a terminal
 * that can move its cursor.
 */
export function isInteractive({ io, env }: Pick<Context, 'io' | 'env'>): boolean {
  return io.stdinIsTerminal && io.stderrIsTerminal && env['TERM'] !== 'dumb';
}
