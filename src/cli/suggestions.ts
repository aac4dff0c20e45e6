import type { Command, CommanderError } from 'commander';
import { KapadminError } from '../errors.js';
import { nearest, quoteName } from '../model/text.js';
import type { CommandGroup } from './command.js';
import type { Factory } from './factory.js';

type Synonyms = Readonly<Record<string, readonly string[]>>;

/** What other tools call our commands; the first that the noun has is meant. */
const commandSynonyms: Synonyms = {
  add: ['create', 'add-users'],
  new: ['create', 'add'],
  create: ['add'],
  make: ['create', 'add'],
  rm: ['delete', 'remove', 'remove-users'],
  del: ['delete', 'remove'],
  drop: ['delete', 'remove'],
  destroy: ['delete', 'remove'],
  remove: ['delete', 'remove-users'],
  delete: ['remove'],
  ls: ['list'],
  get: ['show', 'list'],
  describe: ['show'],
  explain: ['show'],
  info: ['show'],
  password: ['passwd'],
  'set-password': ['passwd'],
  'change-password': ['passwd'],
  'reset-password': ['passwd'],
  mv: ['rename'],
  'add-member': ['add-users'],
  'remove-member': ['remove-users'],
  select: ['use'],
  switch: ['use'],
  login: ['test'],
  can: ['can-i'],
  lint: ['check'],
  validate: ['check'],
  check: ['doctor'],
  diff: ['plan'],
  import: ['apply'],
  dump: ['export'],
  init: ['bootstrap'],
};

/** What other tools call our flags; the first that the command has is meant. */
const flagSynonyms: Synonyms = {
  '--host': ['--meta-url'],
  '--server': ['--meta-url'],
  '--url': ['--meta-url'],
  '--addr': ['--meta-url'],
  '--meta-addr': ['--meta-url'],
  '--meta-host': ['--meta-url'],
  '--user': ['--meta-username'],
  '--username': ['--user', '--meta-username'],
  '--meta-user': ['--meta-username'],
  '--password': ['--password-file', '--meta-password-file'],
  '-p': ['--password-file', '--meta-password-file'],
  '--pass': ['--password-file', '--meta-password-file'],
  '--password-file': ['--meta-password-file'],
  '--password-stdin': ['--meta-password-stdin'],
  '--meta-password': ['--meta-password-file'],
  '--meta-pass': ['--meta-password-file'],
  '--token': ['--token-file', '--meta-secret-file'],
  '--shared-secret': ['--shared-secret-file', '--meta-secret-file'],
  '--meta-secret': ['--meta-secret-file'],
  '--ca': ['--meta-ca'],
  '--cacert': ['--meta-ca'],
  '--cert': ['--meta-cert'],
  '--key': ['--meta-key'],
  '--insecure': ['--meta-insecure-skip-verify'],
  '--skip-verify': ['--meta-insecure-skip-verify'],
  '--unsafe-ssl': ['--meta-insecure-skip-verify'],
  '--format': ['--output'],
  '--json': ['--output'],
  '--verbose': ['--debug'],
  '--database': ['--db'],
  '--permissions': ['--permission', '--grant'],
  '--force': ['--yes'],
};

/** The command that the words name, and how it is typed. */
function namedCommand(program: Command): { command: Command; typed: string } {
  let command = program;
  let typed = program.name();
  for (const word of program.args) {
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) {
      if (word.startsWith('-')) continue;
      break;
    }
    command = next;
    typed += ` ${word}`;
  }
  return { command, typed };
}

function quotedWord(message: string): string {
  return /'([^'=*]*)/.exec(message)?.[1] ?? '';
}

/** The first of our names for what other tools call `word`. */
function synonymOf(word: string, synonyms: Synonyms, names: readonly (string | undefined)[]): string | undefined {
  return Object.hasOwn(synonyms, word) ? synonyms[word]?.find((each) => names.includes(each)) : undefined;
}

/** The word itself, what other tools call it, or the nearest one. */
function meantWord(word: string, names: readonly string[]): string | undefined {
  return names.includes(word) ? word : (synonymOf(word, commandSynonyms, names) ?? nearest(word, names));
}

/** The noun and verb that two words mean where the first is no command: `users lst`, `list users`, `can-i`. */
function meantCommand(
  [first = '', second = '']: readonly string[],
  groups: readonly CommandGroup[],
): string | undefined {
  const verbsOf = (group: CommandGroup | undefined): readonly string[] => group?.commands.map(({ name }) => name) ?? [];
  const groupOf = (word: string): CommandGroup | undefined => {
    const name = nearest(
      word,
      groups.map((group) => group.name),
    );
    return groups.find((group) => group.name === name && (word.startsWith(name) || name.startsWith(word[0] ?? ' ')));
  };
  const isVerb = groups.some((group) => verbsOf(group).includes(first)) || Object.hasOwn(commandSynonyms, first);
  const named = isVerb ? undefined : groupOf(first);
  if (named !== undefined) {
    const verb = second === '' || second.startsWith('-') ? undefined : meantWord(second, verbsOf(named));
    return verb === undefined ? named.name : `${named.name} ${verb}`;
  }
  const after = groupOf(second);
  const verb = after === undefined ? undefined : meantWord(first, verbsOf(after));
  if (after !== undefined && verb !== undefined) return `${after.name} ${verb}`;
  const having = groups.flatMap((group) => {
    const near = verbsOf(group).find((each) => each.replace('-', '') === first.replace(/[-_]/, ''));
    return near === undefined ? [] : [`${group.name} ${near}`];
  });
  return having.length === 1 ? having[0] : undefined;
}

/**
 * The hint for words that commander refuses: the command or flag that was meant, by what other tools call it or by its
 * spelling (commander's own suggestion); undefined where commander's suggestion is about a flag.
 */
export function hintOfWords(
  { code, message }: CommanderError,
  program: Command,
  groups: readonly CommandGroup[],
): string | undefined {
  const { command, typed } = namedCommand(program);
  const word = quotedWord(message);
  const near = /\(Did you mean ([^ ?]+)\?\)/.exec(message)?.[1];
  if (code === 'commander.unknownCommand') {
    const known = command.commands.map((each) => each.name());
    const meant =
      synonymOf(word, commandSynonyms, known) ??
      (command === program ? meantCommand(program.args.slice(program.args.indexOf(word)), groups) : undefined) ??
      near;
    if (meant !== undefined) return `Did you mean "${typed} ${meant}"?`;
  }
  if (code === 'commander.unknownOption') {
    const known = [...command.options, ...program.options].map((option) => option.long);
    const meant = synonymOf(word, flagSynonyms, known);
    if (meant !== undefined) return `Did you mean ${meant}?`;
  }
  const takesNames = command.registeredArguments.length > 0;
  if (code === 'commander.unknownOption' && near === undefined && takesNames) {
    return `See ${typed} --help. A name that begins with - goes after --.`;
  }
  if (code === 'commander.missingArgument') {
    const greedy = command.options.find((option) => {
      const value: unknown = option.variadic ? command.getOptionValue(option.attributeName()) : undefined;
      return Array.isArray(value) && value.length > 1;
    });
    if (typeof greedy?.long === 'string')
      return `${greedy.long} takes all words up to the next flag: put it after the other words.`;
  }
  return message.includes('(Did you mean ') ? undefined : `See ${typed} --help.`;
}

/** Milliseconds that a suggestion may take. */
const maxTime = 2000;

/** The name that one failed change did not find; nothing where several changes failed. */
function missingName(error: unknown): KapadminError['missing'] {
  if (!(error instanceof KapadminError)) return undefined;
  const { cause, message, missing } = error;
  if (missing !== undefined || !(cause instanceof KapadminError)) return missing;
  return cause.message === message ? missingName(cause) : undefined;
}

/** The same error with the nearest name of the cluster, where one name is not found and the names can be read. */
export async function withNearName(error: unknown, factory: Factory): Promise<unknown> {
  const missing = missingName(error);
  if (missing === undefined || !(error instanceof KapadminError) || factory.context.stop.aborted) return error;
  try {
    const client = await factory.metaClient();
    const signal = AbortSignal.any([factory.context.stop, AbortSignal.timeout(maxTime)]);
    const known = await (missing.what === 'user' ? client.users({ signal }) : client.roles({ signal }));
    const near = nearest(
      missing.name,
      known.map(({ name }) => name),
    );
    if (near === undefined) return error;
    const { kind, code, message, list, cause } = error;
    return new KapadminError(kind, code, message, { list, cause, hint: `Did you mean ${quoteName(near)}?` });
  } catch (caught) {
    if (!(caught instanceof KapadminError)) throw caught;
    factory.logger.debug(`cannot read the names: ${caught.message}`);
    return error;
  }
}
