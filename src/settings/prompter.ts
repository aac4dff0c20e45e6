import type { Secret } from '../model/secret.js';

/** Questions to a person at a terminal. Each rejects with an `interrupted` error on Ctrl-C and Ctrl-D. */
export interface Prompter {
  text(question: string): Promise<string>;
  /** Asked twice, hidden. */
  newPassword(question: string): Promise<Secret>;
  /** Asked once, hidden. */
  password(question: string): Promise<Secret>;
  /** True only when exactly `name` was typed. */
  typedName(question: string, name: string): Promise<boolean>;
  choose(question: string, choices: readonly { name: string; description: string }[]): Promise<string[]>;
}
