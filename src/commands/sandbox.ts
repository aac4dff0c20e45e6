import { type Command, Option } from 'commander';
import type { Factory } from '../cli/factory.js';
import { stopKind, usageError } from '../errors.js';
import { excerpt, parseDurationMs } from '../model/text.js';
import type { SandboxOptions, StartKapacitor } from '../sandbox/options.js';
import type { SandboxKapacitorOptions } from '../sandbox/kapacitor/server.js';
import { readSecretFile } from '../settings/secrets.js';
import { readNamedFile, resolvePath } from '../settings/files-and-stdin.js';
import { type KapacitorVersionFlag, resolveKapacitorVersion } from '../settings/kapacitor-version.js';
import { commandLine, exportLine, ShellCommand } from '../model/shell-command.js';
import type { Result, View } from '../output/view.js';

/** The flags of `sandbox`, as commander names them. */
interface SandboxCommandOptions extends KapacitorVersionFlag {
  readonly port: string;
  readonly nodes: string;
  readonly bcryptCost: string;
  readonly auth: boolean;
  readonly admin: boolean;
  readonly data?: string;
  readonly seed?: string;
  readonly tls?: boolean;
  readonly ldap?: boolean;
  readonly mergeRolePermissions?: boolean;
  readonly createTakesAll?: boolean;
  readonly longPasswords?: boolean;
  readonly pingAuth?: boolean;
  readonly sharedSecretFile?: string;
  readonly internalSharedSecretFile?: string;
  readonly lag: string;
  readonly electEvery?: string;
  readonly killEvery?: string;
  readonly leaderName?: string;
  readonly fault?: string;
  readonly faultSeed: string;
  readonly kapacitor: boolean;
  readonly kapacitorPort?: string;
  readonly kapacitorConf?: string;
}

function declareSandboxFlags(command: Command): Command {
  command.optionsGroup('Contents:');
  command
    .option('--seed <file>', 'initial users, roles and account: the meta part of a scenario (YAML or JSON)')
    .option('--data <file>', 'keep the state in a file (takes precedence over --seed if it exists)')
    .option('--no-admin', 'start without an admin account (for bootstrap)')
    .addOption(new Option('--bcrypt-cost <cost>', 'cost of new hashes').default('10'));
  command.optionsGroup('Meta nodes:');
  command
    .addOption(new Option('--port <port>', 'port of the first node; others follow (0: any free port)').default('8091'))
    .addOption(new Option('--nodes <count>', 'number of meta nodes; followers redirect to the leader').default('1'))
    .option('--leader-name <host>', 'host name in redirects to the leader')
    .option('--tls', 'use HTTPS with a temporary CA')
    .option('--no-auth', 'do not require credentials')
    .option('--shared-secret-file <file>', 'accept bearer tokens of users signed with this secret')
    .option('--internal-shared-secret-file <file>', 'accept bearer tokens without a user signed with this secret')
    .option('--ldap', 'simulate LDAP: users are read-only and have no hashes')
    .option('--merge-role-permissions', 'copy role permissions into the user records of members')
    .option('--create-takes-all', 'accept permissions and members in create requests')
    .option('--long-passwords', 'accept passwords over 72 bytes (bcrypt uses the first 72)')
    .option('--ping-auth', 'require credentials on /ping, too');
  command.optionsGroup('Kapacitor:');
  command
    .option('--kapacitor-port <port>', 'port of Kapacitor (default 9092; any free port with --port 0)')
    .option('--kapacitor-conf <file>', 'configuration file of Kapacitor (default: authenticate with the meta node)')
    .option('--kapacitor-version <release>', 'release to simulate, such as 1.6.5 (default 1.8)')
    .addOption(
      new Option('--no-kapacitor', 'do not start Kapacitor').conflicts([
        'kapacitorPort',
        'kapacitorConf',
        'kapacitorVersion',
      ]),
    );
  command.optionsGroup('Faults:');
  command
    .addOption(new Option('--lag <duration>', 'replication lag of followers').default('0'))
    .option('--elect-every <duration>', 'elect another leader at this interval')
    .option('--kill-every <duration>', 'kill the leader at this interval and restart the previous one')
    .option('--fault <faults>', 'rates of injected faults: reset=0.1,503=0.1,delay=200ms,truncate=0.05,garbage=0.01')
    .addOption(new Option('--fault-seed <number>', 'random seed of the faults').default('1'));
  return command;
}

function parseInteger(flag: string, text: string, min: number, max: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw usageError('bad-number', `${flag} must be a whole number from ${min} to ${max}, not "${excerpt(text, 20)}"`);
}

function parseInterval(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDurationMs(text, flag);
  if (ms >= 1) return ms;
  throw usageError('bad-duration', `${flag} must be at least 1ms`);
}

function checkHostName(name: string): string {
  if (/^[A-Za-z0-9._-]{1,253}$/.test(name)) return name;
  throw usageError('bad-host', `--leader-name: "${excerpt(name, 40)}" is not a host name`);
}

const maxConfBytes = 1024 * 1024;

/** The options of Kapacitor, undefined with `--no-kapacitor`; its kapacitor.conf is read. */
async function kapacitorServerOptions(
  options: SandboxCommandOptions,
  factory: Factory,
): Promise<SandboxKapacitorOptions | undefined> {
  const { kapacitor, kapacitorPort: port, kapacitorConf: file } = options;
  if (!kapacitor) return undefined;
  const conf =
    file === undefined ? undefined : await readNamedFile(factory.context, file, '--kapacitor-conf', maxConfBytes);
  return {
    conf,
    port: port === undefined ? undefined : parseInteger('--kapacitor-port', port, 0, 65_535),
    version: await resolveKapacitorVersion(options, factory),
  };
}

/** The options that the flags mean; the files they name are read. */
async function sandboxOptions(
  options: SandboxCommandOptions,
  { context, logger }: Pick<Factory, 'context' | 'logger'>,
): Promise<SandboxOptions> {
  const nodes = parseInteger('--nodes', options.nodes, 1, 9);
  const electEvery = parseInterval('--elect-every', options.electEvery);
  const killEvery = parseInterval('--kill-every', options.killEvery);
  const { readSeed } = await import('../sandbox/seed-and-data-files.js');
  const { parseFaults } = await import('../sandbox/faults.js');
  const faultSeed = parseInteger('--fault-seed', options.faultSeed, 0, 4_294_967_295);
  const seed =
    options.seed === undefined ? undefined : await readSeed(resolvePath(options.seed, context), context.files);
  const secret = async (file: string | undefined, flag: string) =>
    file === undefined ? undefined : readSecretFile({ context, logger }, file, flag);
  const sharedSecret = await secret(options.sharedSecretFile, '--shared-secret-file');
  const internalSharedSecret = await secret(options.internalSharedSecretFile, '--internal-shared-secret-file');
  return {
    port: parseInteger('--port', options.port, 0, 65_536 - nodes),
    nodes,
    bcryptCost: parseInteger('--bcrypt-cost', options.bcryptCost, 4, 16),
    auth: options.auth,
    ...(!options.admin ? { admin: null } : seed?.account ? { admin: seed.account } : {}),
    ldap: options.ldap === true,
    mergeRolePermissions: options.mergeRolePermissions === true,
    createTakesAll: options.createTakesAll === true,
    longPasswords: options.longPasswords === true,
    pingAuth: options.pingAuth === true,
    lag: parseDurationMs(options.lag, '--lag'),
    ...(options.data === undefined ? {} : { dataFile: resolvePath(options.data, context) }),
    ...(seed === undefined ? {} : { seed }),
    ...(options.tls === true ? { tls: {} } : {}),
    ...(sharedSecret === undefined ? {} : { sharedSecret }),
    ...(internalSharedSecret === undefined ? {} : { internalSharedSecret }),
    ...(electEvery === undefined ? {} : { electEvery }),
    ...(killEvery === undefined ? {} : { killEvery }),
    ...(options.leaderName === undefined ? {} : { leaderName: checkHostName(options.leaderName) }),
    ...(options.fault === undefined ? {} : { faults: { plan: parseFaults(options.fault), seed: faultSeed } }),
  };
}

interface SandboxInfo {
  readonly meta: readonly string[];
  readonly kapacitor: string | null;
  readonly username: string | null;
  readonly ca: string | undefined;
  /** Whether it asks for credentials. */
  readonly auth: boolean;
}

const view: View<SandboxInfo> = {
  oneLine: true,
  text({ meta, kapacitor, username, ca, auth }, { color }) {
    const settings = exportLine(
      { variable: 'KAPADMIN_META_URL', value: meta.join(',') },
      ...(username === null || !auth ? [] : [{ variable: 'KAPADMIN_META_USERNAME', value: username }]),
      ...(ca === undefined ? [] : [{ variable: 'KAPADMIN_META_CA', value: ca }]),
    );
    const tasks = `${kapacitor ?? ''}/kapacitor/v1/tasks`;
    const nodes = meta.length === 1 ? 'Meta node' : `${meta.length} meta nodes`;
    const account = username === null ? 'no account yet' : `account ${username}`;
    return [
      color.bold(`${nodes}: ${meta.join(' ')} (${auth ? account : 'no credentials required'})`),
      ...(kapacitor === null ? [] : [color.bold(`Kapacitor: ${kapacitor}`)]),
      '',
      username === null || !auth
        ? 'In another terminal, try:'
        : 'In another terminal, try (kapadmin prompts for the password; it is in kapadmin sandbox --help):',
      `  ${settings}`,
      ...(username === null ? ['  kapadmin bootstrap admin'] : []),
      '  kapadmin user create johndoe',
      '  kapadmin user grant johndoe KapacitorAPI',
      '  kapadmin user list',
      ...(kapacitor === null
        ? []
        : [
            `  ${commandLine('kapadmin auth test', [], ['--user', 'johndoe', '--url', tasks])}`,
            `  ${new ShellCommand(['curl', '-u', 'johndoe', tasks])}`,
          ]),
      '',
      'Press Ctrl-C to stop.',
    ];
  },
  json: ({ meta, kapacitor, username, ca }) => ({ meta, kapacitor, username, ...(ca === undefined ? {} : { ca }) }),
};

export function define(command: Command, action: (options: SandboxCommandOptions) => Promise<void>): void {
  declareSandboxFlags(command)
    .addHelpText(
      'after',
      `
The account is admin with the password changeit (or that of --seed) and has all
permissions. Everything listens on 127.0.0.1 only. Kapacitor has no tasks and
authenticates as the daemon does; environment variables do not change its
kapacitor.conf, and a meta-addr on another machine stands for the first node.
Requests from web pages of other sites, or for other hosts, are rejected with
403. Only one sandbox at a time can use a --data file.
SIGUSR2 elects the next node. The sandbox runs until a signal stops it: exit code
130 after Ctrl-C, 143 after SIGTERM.

Examples:
  kapadmin sandbox
  kapadmin sandbox --port 0 -o json --seed access.yaml --bcrypt-cost 4
  kapadmin sandbox --kapacitor-conf ./kapacitor.conf
  kapadmin sandbox --nodes 3 --lag 500ms --elect-every 10s
  kapadmin sandbox --nodes 3 --kill-every 5s
  kapadmin sandbox --fault reset=0.1,503=0.1,delay=200ms --fault-seed 7`,
    )
    .action((options: SandboxCommandOptions) => action(options));
}

async function createKapacitorStarter(
  options: SandboxCommandOptions,
  factory: Factory,
): Promise<StartKapacitor | undefined> {
  const { context } = factory;
  const kapacitorConfig = await kapacitorServerOptions(options, factory);
  if (kapacitorConfig === undefined) return undefined;
  const { startKapacitor } = await import('../sandbox/kapacitor/server.js');
  const { readDaemonFile } = await import('../settings/locate-kapacitor-conf.js');
  const read = (path: string) => readDaemonFile(context.files, path);
  return (meta, guard) => startKapacitor(kapacitorConfig, meta, { read, clock: context.clock }, guard);
}

export async function run(options: SandboxCommandOptions, factory: Factory): Promise<Result<SandboxInfo>> {
  const { context, logger } = factory;
  const sandboxConfig = await sandboxOptions(options, factory);
  const startKapacitor = await createKapacitorStarter(options, factory);
  const { startSandbox } = await import('../sandbox/start.js');
  const sandbox = await startSandbox(sandboxConfig, {
    files: context.files,
    now: () => context.clock.now(),
    stop: context.stop,
    dataFailed: (error) => logger.warn(error instanceof Error ? error.message : String(error)),
    ...(startKapacitor === undefined ? {} : { kapacitor: startKapacitor }),
  });
  context.onUserSignal?.(() => {
    sandbox.elect();
  });
  const { urls: meta, kapacitorUrl: kapacitor, username, caPath: ca } = sandbox;
  return {
    data: { meta, kapacitor, username, ca, auth: options.auth },
    view,
    async runUntilStopped() {
      await waitForStop(context.stop);
      await sandbox.close();
      const stateNote =
        sandboxConfig.dataFile === undefined
          ? 'its state was discarded'
          : `its state was saved in ${sandboxConfig.dataFile}`;
      logger.info(`Sandbox stopped; ${stateNote}.`);
      return stopKind(context.stop.reason);
    },
  };
}

function waitForStop(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
