import type { SandboxOptions } from '../../../src/sandbox/options.js';
import type { Surroundings } from '../harness/program.js';
import type { Terminal } from '../harness.js';

/**
 * One command, run in a pipe, with `-o json` and in a terminal, each time in a home and beside a sandbox of its own.
 * Outputs are compared with times, ports and folders masked.
 */
export interface CommandFlow {
  /** The command, such as `user create`. */
  readonly words: string;
  /** What follows the words. */
  readonly args: readonly string[];
  /** What stands on stdin, of a pipe. */
  readonly stdin?: string;
  /** Files of the home: path -> text, readable only for the owner. */
  readonly files?: Readonly<Record<string, string>>;
  /** A sandbox with these users and roles is the connection. */
  readonly sandbox?: SandboxOptions;
  readonly code?: number;
  /** What stdout holds, in a pipe; the screen too. */
  readonly says: readonly (string | RegExp)[];
  /** What stderr holds, in a pipe; the screen too. */
  readonly notes?: readonly (string | RegExp)[];
  /** The value on stdout with `-o json`, or what it must match. */
  readonly json: unknown;
  /** In a terminal: other words, and what a person types. */
  readonly terminal?: { readonly args?: readonly string[]; readonly types?: (terminal: Terminal) => Promise<void> };
  readonly shows?: Surroundings['shows'];
}
