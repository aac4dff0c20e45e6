import type { Command } from 'commander';
import type { Deps } from '../deps.js';
import type { ExtraFormat, Result } from '../output/view.js';

/** A verb file: words and help -> options, and options -> a result. It prints nothing. */
export interface VerbModule<O> {
  /** Outputs beyond table, json and yaml. */
  readonly formats?: readonly ExtraFormat[];
  /** Declares arguments, flags, help and examples; calls `act` with the options that the words mean. */
  define(command: Command, act: (options: O) => Promise<void>): void;
  run(options: O, deps: Deps): Promise<Result<unknown>>;
}

/** Runs the verb with the dependencies and delivers what it returns. */
export type Perform = (run: (deps: Deps) => Promise<Result<unknown>>, formats: readonly ExtraFormat[]) => Promise<void>;

export interface VerbEntry {
  readonly name: string;
  readonly summary: string;
  /** Not in the help text. */
  readonly hidden?: boolean;
  /** Loads the verb's file and declares it on the command; tells which outputs it has beyond those of all. */
  attach(command: Command, perform: Perform): Promise<{ readonly formats: readonly ExtraFormat[] }>;
}

export interface Noun {
  readonly name: string;
  readonly summary: string;
  readonly verbs: readonly VerbEntry[];
}

/** An entry whose file is loaded only when its words are typed. */
export function verb<O>(name: string, summary: string, load: () => Promise<VerbModule<O>>): VerbEntry {
  return {
    name,
    summary,
    async attach(command, perform) {
      const loaded = await load();
      const { formats = [] } = loaded;
      loaded.define(command, (options) => perform((deps) => loaded.run(options, deps), formats));
      return { formats };
    },
  };
}
