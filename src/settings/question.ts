import type { Choice } from './prompter.js';

/** A question; its message is raw, the labels of its choices are escaped, since their width counts. */
export type Question =
  | { readonly kind: 'line'; readonly message: string; readonly fault?: (answer: string) => string | undefined }
  | { readonly kind: 'hidden'; readonly message: string }
  | { readonly kind: 'several'; readonly message: string; readonly choices: readonly Choice[] };

/** Lines and hidden lines have a text for an answer, several choices their values. */
export type Answer = string | readonly string[];

/** What is told of a command that was stopped at a question. */
export function stoppedAt({ message }: Question): string {
  return `stopped at the question "${message}": nothing was sent or written`;
}
