import { Command } from 'commander';
import { readTree } from '../../.tools/docs/read.mjs';
import { commandSections, topLevelCommands } from '../../src/commands/index.js';
import { commonFormats, declareGlobalFlags } from '../../src/settings/flags.js';
import { byPlace } from './sources.js';
import type { Source, SourceOf } from './source.js';

/** A command line of a command: what stands on it beside the places of secrets. */
interface Line {
  readonly args?: readonly string[];
  readonly flags?: readonly string[];
  /** Files that are made to keep secrets. */
  readonly keeps?: readonly string[];
  /** What a command may add to a file of its reader: without it the file is as it was. */
  readonly adds?: Readonly<Record<string, RegExp>>;
  /** How it ends where all is well; 0 Default: "". */
  readonly codes?: readonly number[];
  /** It sends nothing to a meta node. */
  readonly isLocal?: boolean;
}

const local = { isLocal: true } as const;
const config = '~/.config/kapadmin/config.yaml';

/** Each command. One that is not here fails the tests. */
export const lines: Readonly<Record<string, Line>> = {
  'user create': { args: ['new'] },
  'user show': { args: ['joe'] },
  'user list': {},
  'user delete': { flags: ['--yes'], args: ['joe'] },
  'user passwd': { args: ['joe'] },
  'user rotate': { flags: ['--passwords-out', 'made'], args: ['joe'], keeps: ['made'] },
  'user grant': { args: ['joe', 'KapacitorConfigAPI'] },
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
  'permission list': local,
  'permission show': { ...local, args: ['KapacitorAPI'] },
  'auth test': { codes: [0, 1] },
  'auth can-i': { args: ['joe', 'GET', '/kapacitor/v1/tasks'] },
  'auth who-can': { args: ['GET', '/kapacitor/v1/tasks'] },
  'auth matrix': {},
  'auth flush': { args: ['joe'] },
  'acl list': {},
  'acl restrict': { flags: ['--db', 'telegraf', '--yes'], args: ['read'] },
  'acl grant': { flags: ['--db', 'telegraf', '--user', 'joe'], args: ['read'] },
  'acl delete': { flags: ['--yes'], args: ['grant/1'], codes: [5] },
  'config check': { ...local, args: ['k.conf'], codes: [0, 1] },
  'config show': { ...local, args: ['k.conf'], codes: [0, 1] },
  'config fix': { ...local, args: ['k.conf'], keeps: ['printed'] },
  'config init': local,
  'profile list': local,
  'profile show': local,
  'profile add': { ...local, args: ['new'], keeps: [config], codes: [0, 2] },
  'profile use': { ...local, args: ['p'], keeps: [config], codes: [0, 5] },
  'profile remove': { ...local, flags: ['--yes'], args: ['p'], codes: [0, 5] },
  doctor: {
    flags: ['--sarif-anchor', 'k.conf'],
    codes: [0, 1],
    adds: { [config]: /"rolesInUserRecords": "(?:yes|no)", / },
  },
  explain: { ...local, args: ['noauth'] },
  plan: { args: ['state.json'], codes: [0, 1] },
  apply: { flags: ['--yes'], args: ['state.json'] },
  export: {},
  bootstrap: { args: ['root'] },
  sandbox: { ...local, flags: ['--port', '0', '--kapacitor-port', '0', '--bcrypt-cost', '4'], codes: [130] },
  completion: { ...local, args: ['bash'] },
};

/** Flags and arguments that neither bring a secret nor keep one: names, numbers, switches. */
const plain = new Set(
  [
    '<user> <role> <permission> <old> <new> <method> <path> <profile> <url> <id> <shell> <entry>',
    '--grant --role --if-not-exists --if-exists --db --force --preset --permission --via-role --yes --user --users',
    '--for --env-format --long-passwords --ping-auth --kapacitor-version --all --except --fail-fast --no-env --method --at --strict --live',
    '--db-prefix --measurement --measurement-prefix --tag --tag-prefix',
    '--kapacitor-user --kapacitor-ca --delete-local',
    '--no-test --live-any-method --live-ca --list --endpoint --only --diff --exit-code --fail-on --sarif-anchor',
    '--prune --allow-lockout --allow-outside-files --set-passwords --check-passwords --access --fail-on-gain --lint --ignore --concurrency',
    '--no-admin --bcrypt-cost --port --tls --no-auth --ldap --merge-role-permissions --create-takes-all',
    '--kapacitor-port --no-kapacitor --nodes --lag --elect-every --kill-every --leader-name --fault --fault-seed',
  ].flatMap((text) => text.split(' ')),
);

export interface KnownCommand {
  readonly words: string;
  /** Its flags and arguments of which nothing is known. */
  readonly unknown: readonly string[];
  readonly sources: readonly SourceOf[];
  /** What `-o` takes. */
  readonly outputs: readonly string[];
}

const tree = await readTree({ commandSections, topLevelCommands, declareGlobalFlags, commonFormats, Command });
const nothing: SourceOf = (): Source => ({ name: 'nothing', secrets: [] });

/** Every command of the program, with all that brings it secrets. */
export const commands: readonly KnownCommand[] = tree.groups.flatMap((group) =>
  group.commands.map(({ words, flags, arguments: args, outputs }) => {
    const places = [
      ...flags.map((flag) => /--[a-z-]+/.exec(flag.flags)?.[0] ?? ''),
      ...args.map(({ name }) => `<${name}>`),
    ];
    const of = (place: string) => byPlace[`${words} ${place}`] ?? byPlace[place];
    const sources = [...(byPlace[words] ?? []), ...places.flatMap((place) => of(place) ?? [])];
    return {
      words,
      unknown: places.filter((place) => of(place) === undefined && !plain.has(place)),
      sources: sources.length === 0 ? [nothing] : sources,
      outputs,
    };
  }),
);

/** Global flags, each brought in by a connection or without a secret. */
export const globalFlags: readonly string[] = tree.globals.map(({ flags }) => /--[a-z-]+/.exec(flags)?.[0] ?? '');
