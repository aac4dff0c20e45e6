import type { FileFact } from '../../../kapacitor/configuration/index.js';

/** A kapacitor.conf and the environment of the daemon, as they were found. */
export interface ConfigInput {
  readonly file: { readonly path: string; readonly content: string | Uint8Array; readonly mode: number } | undefined;
  readonly environment: {
    readonly variables: ReadonlyMap<string, string>;
    /** A path, `the shell`, or `--no-env`. */
    readonly from: string;
    /** The line of each variable and the mode, where they come from a file. */
    readonly file?: { readonly lines: ReadonlyMap<string, number>; readonly mode: number } | undefined;
    /** Assignments that systemd does not pass on. */
    readonly dropped: readonly { readonly name: string; readonly line: number }[];
  };
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Used where a shared secret must be made. */
  readonly freshSecret: string;
}

/** A file that the configuration names; the mode is known where it could be read. */
export type TlsFile = FileFact & { readonly mode?: number };

/** What is known of the files that the configuration names, by path. */
export type TlsFiles = ReadonlyMap<string, TlsFile>;
