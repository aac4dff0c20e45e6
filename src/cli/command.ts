import { usageError } from '../errors.js';
import { canAsk } from '../prompt/prompter.js';
import type { Command } from 'commander';
import type { Deps } from './factory.js';
import type { ExtraFormat, Result } from '../output/view.js';
import { collectList } from '../model/shell-command.js';

/** An argument that a person at a terminal is asked for where the words leave it out. */
export interface Ask<O, V> {
  /** As the help calls it. */
  readonly argument: string;
  /** What to do where there is no terminal, in place of how the command is typed. */
  readonly hint?: string;
  /** Whether other options leave a need for it; there is one when this is absent. */
  isNeeded?(options: O): boolean;
  answer(options: O, deps: Deps): Promise<V>;
}

/** By the option that each fills in, in the order in which they are asked for. */
export type Asks<O> = { readonly [K in keyof O]?: Ask<O, O[K]> };

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

interface Incomplete<O> {
  readonly options: O;
  /** What is missing of `asks`. */
  readonly missing: readonly (keyof O)[];
  readonly asks: Asks<O>;
  /** How the command is typed. */
  readonly usage: string;
}

function missingArguments(asked: readonly { readonly argument: string; readonly hint?: string }[], usage: string) {
  const names = asked.map(({ argument }) => `'${argument}'`).join(' and ');
  const hint = asked.map((ask) => ask.hint).find((text) => text !== undefined) ?? `Usage: ${usage}`;
  return usageError('usage', `missing required argument${asked.length > 1 ? 's' : ''} ${names}`, hint);
}

/**
 * The options with what a person at the terminal gives for those that are missing. Throws a usage error that names them
 * all where there is no terminal; nothing is sent then.
 */
async function askForMissing<O extends object>(incomplete: Incomplete<O>, deps: Deps): Promise<O> {
  const { missing, asks, usage } = incomplete;
  if (!canAsk(deps.context)) {
    throw missingArguments(
      missing.flatMap((key) => asks[key] ?? []),
      usage,
    );
  }
  const options = { ...incomplete.options };
  for (const key of missing) {
    const ask = asks[key];
    if (ask !== undefined) options[key] = await ask.answer(options, deps);
  }
  return options;
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
