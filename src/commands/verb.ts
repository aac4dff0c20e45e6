import type { Command } from 'commander';
import type { Deps } from '../deps.js';
import type { ExtraFormat, Result } from '../output/view.js';
import { collectList } from '../model/shell-command.js';
import type { Asks } from './asks.js';

/** A verb file: words and help -> options, and options -> a result. It prints nothing. */
export interface VerbModule<O> {
  /** Outputs beyond table, json and yaml. */
  readonly formats?: readonly ExtraFormat[];
  /** What a person at a terminal is asked for. */
  readonly asks?: Asks<O>;
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

/** The options of `asks` that the words leave out. */
function missingOf<O>(options: O, asks: Asks<O>): readonly (keyof O)[] {
  return (Object.keys(asks) as (keyof O)[]).filter((key) => {
    const value: unknown = options[key];
    const isGiven = Array.isArray(value) ? value.length > 0 : value !== undefined;
    return !isGiven && asks[key]?.isNeeded?.(options) !== false;
  });
}

/** Arguments that are lists of names: several words, or one with commas. */
const listArguments = new Set(['user', 'role', 'permission', 'profile']);

function takeLists(command: Command): void {
  for (const argument of command.registeredArguments) {
    if (argument.variadic && listArguments.has(argument.name())) argument.argParser(collectList);
  }
}

/** Lets arguments be left out, although help says that they are needed. */
function makeAskable(command: Command): void {
  command.usage(command.usage());
  for (const argument of command.registeredArguments) argument.required = false;
}

/** How a command is typed. */
function typed(command: Command): string {
  const words: string[] = [];
  for (let at: Command | null = command; at !== null; at = at.parent) words.unshift(at.name());
  return `${words.join(' ')} ${command.usage()}`;
}

/** An entry whose file is loaded only when its words are typed. */
export function verb<O extends object>(name: string, summary: string, load: () => Promise<VerbModule<O>>): VerbEntry {
  return {
    name,
    summary,
    async attach(command, perform) {
      const loaded = await load();
      const { formats = [], asks = {} } = loaded;
      const whole = async (options: O, deps: Deps): Promise<O> => {
        const missing = missingOf(options, asks);
        if (missing.length === 0) return options;
        const { askForMissing } = await import('./ask/missing.js');
        return askForMissing({ options, missing, asks, usage: typed(command) }, deps);
      };
      const run = async (options: O, deps: Deps) => loaded.run(await whole(options, deps), deps);
      loaded.define(command, (options) => perform((deps) => run(options, deps), formats));
      takeLists(command);
      if (Object.keys(asks).length > 0) makeAskable(command);
      return { formats };
    },
  };
}
