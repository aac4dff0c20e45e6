import { Command } from 'commander';
import { readTree } from '../../.tools/docs/read.mjs';
import { commandSections, topLevelCommands } from '../../src/commands/index.js';
import { commonFormats, declareGlobalFlags } from '../../src/settings/flags.js';

/** A place of a command line where a value stands. */
export interface Slot {
  /** The words of the command, or '' for the flags of every command. */
  readonly words: string;
  /** The argument as `<user>`, or the flag as `--db`. */
  readonly at: string;
  /** Whether the value names a file. */
  readonly isFile: boolean;
  /** The command line with this value there. */
  line(value: string): readonly string[];
}

const password = ['--password', 'Pa5sw0Rd-4711'];

/** A command line of each command that works: its flags, and its arguments by name. */
export const good: Readonly<Record<string, { flags?: readonly string[]; args?: readonly string[] }>> = {
  'user create': { flags: password, args: ['new'] },
  'user show': { args: ['joe'] },
  'user list': {},
  'user delete': { flags: ['--yes'], args: ['joe'] },
  'user passwd': { flags: password, args: ['joe'] },
  'user rotate': { flags: ['--passwords-out', 'made', '--no-env'], args: ['joe'] },
  'user grant': { args: ['joe', 'KapacitorAPI'] },
  'user revoke': { args: ['joe', 'KapacitorAPI'] },
  'role create': { args: ['new'] },
  'role show': { args: ['ops'] },
  'role list': {},
  'role delete': { flags: ['--yes'], args: ['ops'] },
  'role rename': { args: ['ops', 'new'] },
  'role grant': { args: ['ops', 'KapacitorAPI'] },
  'role revoke': { args: ['ops', 'ReadData'] },
  'role add-users': { args: ['ops', 'admin'] },
  'role remove-users': { args: ['ops', 'joe'] },
  'permission list': {},
  'permission show': { args: ['KapacitorAPI'] },
  'acl list': {},
  'acl restrict': { flags: ['--db', 'telegraf', '--yes'], args: ['read'] },
  'acl grant': { flags: ['--db', 'telegraf', '--user', 'joe'], args: ['read'] },
  'acl delete': { flags: ['--yes'], args: ['grant/1'] },
  'auth test': { flags: ['--no-env', '--user', 'joe', ...password, '--url', 'http://127.0.0.1:9/kapacitor/v1/tasks'] },
  'auth flush': {
    flags: ['--no-env', '--kapacitor', 'http://127.0.0.1:9', '--kapacitor-user', 'admin', ...password],
    args: ['joe'],
  },
  'auth can-i': { args: ['joe', 'GET', '/kapacitor/v1/tasks'] },
  'auth who-can': { args: ['GET', '/kapacitor/v1/tasks'] },
  'auth matrix': {},
  'config check': { flags: ['--no-env'], args: ['kapacitor.conf'] },
  'config show': { flags: ['--no-env'], args: ['kapacitor.conf'] },
  'config fix': { flags: ['--no-env'], args: ['kapacitor.conf'] },
  'config init': {},
  'profile list': {},
  'profile show': { args: [] },
  'profile add': { flags: ['--meta-url', 'http://127.0.0.1:9'], args: ['new'] },
  'profile use': { args: ['new'] },
  'profile remove': { flags: ['--yes'], args: ['new'] },
  doctor: { flags: ['--no-env', '--yes'] },
  explain: { args: ['noauth'] },
  plan: { args: ['state.yaml'] },
  apply: { flags: ['--yes'], args: ['state.yaml'] },
  export: {},
  bootstrap: { flags: password, args: ['admin'] },
  sandbox: { flags: ['--port', '0', '--kapacitor-port', '0', '--bcrypt-cost', '4'] },
  completion: { args: ['bash'] },
};

const tree = await readTree({ commandSections, topLevelCommands, declareGlobalFlags, commonFormats, Command });

/** The words of every command. */
export const commandNames: readonly string[] = tree.groups.flatMap((group) => group.commands.map(({ words }) => words));

function longFlag(flags: string): string | undefined {
  return flags.includes('<') || flags.includes('[') ? /--[a-z-]+/.exec(flags)?.[0] : undefined;
}

/** What must not stand beside a flag. */
const instead: ReadonlyMap<string, readonly string[]> = new Map([
  ['--password-file', ['--password']],
  ['--password-env', ['--password']],
  ['--token-file', ['--password', '--user']],
  ['--scenario', ['--password', '--user', '--url', '--no-env']],
  ['--env-file', ['--no-env']],
  ['--kapacitor', ['--kapacitor-user', '--password']],
  ['--db-prefix', ['--db']],
]);

/** What must stand beside a flag. */
const beside: ReadonlyMap<string, readonly string[]> = new Map([['--live-ca', ['--live']]]);

/** Flags without some of them and their values. */
function without(flags: readonly string[], gone: readonly string[]): readonly string[] {
  return flags.filter((word, i) => {
    const flag = word.startsWith('--') ? word : (flags[i - 1] ?? '');
    return !gone.includes(flag);
  });
}

function slotsOf(command: (typeof tree.groups)[number]['commands'][number]): readonly Slot[] {
  const { words: named, arguments: args, flags } = command;
  const { flags: given = [], args: values = [] } = good[named] ?? {};
  const start = named.split(' ');
  const ofArguments = args.map(({ name }, i): Slot => {
    return {
      words: named,
      at: `<${name}>`,
      isFile: name === 'file',
      line: (value) => [...start, ...given, '--', ...values.slice(0, i), value, ...values.slice(i + 1)],
    };
  });
  const ofFlags = flags.flatMap(({ flags: text }): Slot[] => {
    const flag = longFlag(text);
    if (flag === undefined) return [];
    const rest = [...without(given, [flag, ...(instead.get(flag) ?? [])]), ...(beside.get(flag) ?? [])];
    const isFile = text.includes('<file');
    const more =
      ['--kapacitor-conf', '--file'].includes(flag) && args.some(({ name }) => name === 'file') ? [] : values;
    return [
      { words: named, at: flag, isFile, line: (value) => [...start, ...rest, `${flag}=${value}`, '--', ...more] },
    ];
  });
  return [...ofArguments, ...ofFlags];
}

/** Every place of every command's own words where a value stands. */
export const slots: readonly Slot[] = tree.groups.flatMap((group) => group.commands.flatMap(slotsOf));

/** Every place of the flags of every command. */
export const globalSlots: readonly Slot[] = tree.globals.flatMap(({ flags }) => {
  const flag = longFlag(flags);
  const isFile = flags.includes('<file');
  return flag === undefined
    ? []
    : [{ words: '', at: flag, isFile, line: (value) => ['user', 'list', `${flag}=${value}`] }];
});
