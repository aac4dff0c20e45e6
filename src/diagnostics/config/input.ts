import type { DaemonFile } from '../../kapacitor-config/tls-files.js';
import type { KapacitorVersion } from '../../model/kapacitor-versions.js';
import type { IgnoredLine, EnvironmentFormat } from '../../kapacitor-config/environment-formats.js';

/** A file of variables: each variable's line, how the file is written, its mode and its text. */
export interface EnvironmentFile {
  readonly lines: ReadonlyMap<string, number>;
  readonly form: EnvironmentFormat;
  readonly mode: number;
  readonly text: string;
}

/** A kapacitor.conf and the environment of the daemon, as they were found. */
export interface ConfigInput {
  readonly file:
    | {
        readonly path: string;
        readonly content: string | Uint8Array;
        readonly mode: number;
        /** Maps a line of `content` to the line of the file as it was read; absent if `content` is that file. */
        readonly lineAsRead?: (line: number) => number;
      }
    | undefined;
  readonly environment: {
    readonly variables: ReadonlyMap<string, string>;
    /** A path, `the shell`, or `--no-env`. */
    readonly from: string;
    /** Variables that begin with KAPACITOR and that the daemon does not read. */
    readonly others: ReadonlyMap<string, string>;
    /** What is known of their file, where they come from one. */
    readonly file?: EnvironmentFile | undefined;
    /** Lines that name a variable of Kapacitor and give the daemon none. */
    readonly dropped: readonly IgnoredLine[];
  };
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The Kapacitor version; default 1.8. */
  readonly version?: KapacitorVersion | undefined;
  /** Used where a shared secret must be made. */
  readonly freshSecret: string;
}

/** A line of the file as the user sees it: `config fix` changes the text before some findings are made. */
export function originalLine({ file }: ConfigInput, line: number): number {
  return file?.lineAsRead?.(line) ?? line;
}

/** A file that the configuration names; the mode is known where it could be read. */
export type ConfigTlsFile = DaemonFile & { readonly mode?: number };

/** What is known of the files that the configuration names, by path. */
export type ConfigTlsFiles = ReadonlyMap<string, ConfigTlsFile>;

const formNames: Readonly<Record<EnvironmentFormat, string>> = {
  systemd: "systemd's form",
  docker: "docker's form",
  compose: 'compose file',
  unit: 'systemd unit',
};

/** The variables as a subject of a report, with how their file was read. */
export function environmentSubject({ file }: ConfigInput['environment']): string {
  return file === undefined ? 'environment' : `environment (${formNames[file.form]})`;
}
