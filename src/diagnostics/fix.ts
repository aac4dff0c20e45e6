import type { ShellCommand } from '../model/shell-command.js';

/** Something that fixes the cause: a command to paste, or a setting to change, after words that say what it does. */
export interface Fix {
  readonly what: string;
  readonly command?: ShellCommand;
  readonly setting?: string;
}
