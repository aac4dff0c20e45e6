import { usageError } from '../errors.js';
import type { Command } from 'commander';
import type { GlobalFlags } from '../settings/flags.js';
import type { ClusterSupport } from './run-on-clusters.js';
import type { Factory } from './factory.js';
import type { ExtraFormat, Result } from '../output/view.js';
import { collectList, showNames } from '../model/text.js';

/** Prompts for an argument that was left out, on a terminal. */
export interface PromptSpec<O, V> {
  /** Its name in the help. */
  readonly argument: string;
  /** The hint if there is no terminal, instead of the command's usage. */
  readonly hint?: string;
  /** Whether other options leave a need for it; there is one when this is absent. */
  isNeeded?(options: O): boolean;
  ask(options: O, factory: Factory): Promise<V>;
}

/** By the option that each fills in, in the order of the prompts. */
export type PromptSpecs<O> = { readonly [K in keyof O]?: PromptSpec<O, O[K]> };

/** A command file: words and help -> options, and options -> a result. It prints nothing. */
export interface CommandModule<O> {
  /** Outputs beyond table, json and yaml. */
  readonly formats?: readonly ExtraFormat[];
  /** What to prompt for on a terminal. */
  readonly prompts?: PromptSpecs<O>;
  /** Present if the command takes several `--profile`. */
  readonly clusters?: ClusterSupport<O>;
  /** Declares arguments, flags, help and examples; calls `action` with the options that the words mean. */
  define(command: Command, action: (options: O) => Promise<void>): void;
  run(options: O, factory: Factory): Promise<Result<unknown>>;
}

/** Runs the command with the factory and prints what it returns. */
export type RunCommand = (
  run: (factory: Factory) => Promise<Result<unknown>>,
  formats: readonly ExtraFormat[],
) => Promise<void>;

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Not in the help text. */
  readonly hidden?: boolean;
  /** Loads the command's file and declares it on the command; returns the outputs it has beyond those of all. */
  load(command: Command, perform: RunCommand): Promise<{ readonly formats: readonly ExtraFormat[] }>;
}

export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly CommandEntry[];
}

/** The options of `prompts` that the words leave out. */
function missingOptions<O>(options: O, prompts: PromptSpecs<O>): readonly (keyof O)[] {
  return (Object.keys(prompts) as (keyof O)[]).filter((key) => {
    const value: unknown = options[key];
    const isGiven = Array.isArray(value) ? value.length > 0 : value !== undefined;
    return !isGiven && prompts[key]?.isNeeded?.(options) !== false;
  });
}

interface IncompleteOptions<O> {
  readonly options: O;
  /** What is missing of `prompts`. */
  readonly missing: readonly (keyof O)[];
  readonly prompts: PromptSpecs<O>;
  /** How the command is typed. */
  readonly usage: string;
}

function missingArgumentError(
  missing: readonly { readonly argument: string; readonly hint?: string }[],
  usage: string,
) {
  const names = missing.map(({ argument }) => `'${argument}'`).join(' and ');
  const hint = missing.map((prompt) => prompt.hint).find((text) => text !== undefined) ?? `Usage: ${usage}`;
  return usageError('usage', `missing required argument${missing.length > 1 ? 's' : ''} ${names}`, hint);
}

/** Prompts for missing options. Without a terminal, throws a usage error that names them all; nothing is sent then. */
async function promptForMissing<O extends object>(incomplete: IncompleteOptions<O>, factory: Factory): Promise<O> {
  const { missing, prompts, usage } = incomplete;
  if (!factory.context.io.isInteractive) {
    throw missingArgumentError(
      missing.flatMap((key) => prompts[key] ?? []),
      usage,
    );
  }
  const options = { ...incomplete.options };
  for (const key of missing) {
    const prompt = prompts[key];
    if (prompt !== undefined) options[key] = await prompt.ask(options, factory);
  }
  return options;
}

/** Arguments that are lists of names: several words, or one with commas. */
const listArguments = new Set(['user', 'role', 'permission', 'profile']);

function parseLists(command: Command): void {
  for (const argument of command.registeredArguments) {
    if (argument.variadic && listArguments.has(argument.name())) argument.argParser(collectList);
  }
}

/** Lets arguments be left out, although help says that they are needed. */
function makeArgumentsOptional(command: Command): void {
  command.usage(command.usage());
  for (const argument of command.registeredArguments) argument.required = false;
}

/** How a command is typed. */
function usageOf(command: Command): string {
  const words: string[] = [];
  for (let at: Command | null = command; at !== null; at = at.parent) words.unshift(at.name());
  return `${words.join(' ')} ${command.usage()}`;
}

/** The profiles, if several are given. Throws a usage error unless the command takes them. */
function severalProfiles({ profile = [] }: GlobalFlags, isSupported: boolean): readonly string[] | undefined {
  const [first, second] = profile;
  if (first === undefined || second === undefined) return undefined;
  if (isSupported) return [...new Set(profile)];
  throw usageError(
    'repeated-flag',
    `--profile was given twice: ${showNames([first, second])}`,
    'Only doctor, plan, user list and auth matrix take several.',
  );
}

/** An entry whose file is loaded only when its words are typed. */
export function lazyCommand<O extends object>(
  name: string,
  summary: string,
  importModule: () => Promise<CommandModule<O>>,
): CommandEntry {
  return {
    name,
    summary,
    async load(command, runCommand) {
      const loaded = await importModule();
      const { formats = [], prompts = {}, clusters } = loaded;
      const complete = async (options: O, factory: Factory): Promise<O> => {
        const missing = missingOptions(options, prompts);
        if (missing.length === 0) return options;
        return promptForMissing({ options, missing, prompts, usage: usageOf(command) }, factory);
      };
      const run = async (options: O, factory: Factory) => loaded.run(await complete(options, factory), factory);
      loaded.define(command, (options) => {
        const profiles = severalProfiles(command.optsWithGlobals<GlobalFlags>(), clusters !== undefined);
        if (profiles === undefined || clusters === undefined) {
          return runCommand((factory) => run(options, factory), formats);
        }
        return runCommand(
          async (factory) =>
            (await import('./run-on-clusters.js')).runOnClusters(profiles, clusters, run, options, factory),
          clusters.formats,
        );
      });
      parseLists(command);
      if (Object.keys(prompts).length > 0) makeArgumentsOptional(command);
      return { formats };
    },
  };
}
