import type { Secret } from '../model/secret.js';

/**
 * Questions to a person at a terminal. Each rejects with an `interrupted` error on Ctrl-C and Ctrl-D, with the signal's
 * own on a signal, and with a usage error where there is no terminal; that one names the flag to use `instead`.
 */
export interface Prompter {
  text(question: string, instead?: string): Promise<string>;
  /** Asked twice, hidden. */
  newPassword(question: string, instead?: string): Promise<Secret>;
  /** Asked once, hidden. */
  password(question: string, instead?: string): Promise<Secret>;
  /** True only when exactly `name` was typed, or what stands for it where it holds control characters. */
  typedName(question: string, name: string, instead?: string): Promise<boolean>;
  choose(
    question: string,
    choices: readonly { name: string; description: string }[],
    instead?: string,
  ): Promise<string[]>;
}
