import { type Command, Option } from 'commander';
import { passwordTimeline } from '../../auth-engine/caches.js';
import { toDaemonSettings } from '../../auth-engine/daemon-state.js';
import { lookupTimeout } from '../../auth-engine/meta-lookup.js';
import type { Factory } from '../../cli/factory.js';
import { outcomesError, usageError } from '../../errors.js';
import { readConfiguration } from '../../kapacitor-config/read-and-validate.js';
import { createRawClient } from '../../meta/client.js';
import { Secret } from '../../model/secret.js';
import { collectValue, isoTime, quoteNames, showDuration, showName } from '../../model/text.js';
import { splitUrl } from '../../model/urls.js';
import { type CacheExpiry, type FlushReport, flushView } from '../../output/views/flush.js';
import type { Result } from '../../output/view.js';
import { readCertificates } from '../../settings/credentials.js';
import {
  addKapacitorFlags,
  type KapacitorFlags,
  kapacitorOptions,
  locateKapacitorConf,
} from '../../settings/locate-kapacitor-conf.js';
import {
  addPasswordFlags,
  hasPasswordSource,
  type PasswordFlags,
  readPassword,
} from '../../settings/password-flags.js';
import { type FlushAccount, flushKapacitor, isFlushable } from './flush-requests.js';

interface FlushOptions extends PasswordFlags, KapacitorFlags {
  readonly names: readonly string[];
  readonly kapacitor?: readonly string[];
  readonly kapacitorUser?: string;
  readonly kapacitorCa?: string;
  readonly deleteLocal?: boolean;
  readonly yes?: boolean;
}

const about = `
Kapacitor drops what it cached for these users: a grant, a revoke or a new
password counts at their next login. The account needs KapacitorAPI.

Uses an undocumented side effect of DELETE. If the name is created in
Kapacitor's own store between the check and the delete, that user is deleted.

Examples:
  kapadmin auth flush johndoe --kapacitor http://localhost:9092 --kapacitor-user admin
  kapadmin auth flush johndoe --kapacitor https://k1:9092 --kapacitor https://k2:9092 --kapacitor-user admin --password-file password`;

export function define(command: Command, action: (options: FlushOptions) => Promise<void>): void {
  command
    .argument('<user...>', 'names of the users')
    .addOption(new Option('--kapacitor <url>', 'URL of Kapacitor, repeatable (required)').argParser(collectValue))
    .option('--kapacitor-user <name>', 'account of Kapacitor that sends the requests')
    .option('--kapacitor-ca <file>', 'CA certificates of Kapacitor (PEM)')
    .option('--delete-local', "also delete users of these names from Kapacitor's own store")
    .option('--yes', 'do not ask before --delete-local');
  addPasswordFlags(command, "the account's password");
  addKapacitorFlags(command);
  command
    .addHelpText('after', about)
    .action((names: string[], flags: Omit<FlushOptions, 'names'>) => action({ ...flags, names }));
}

/** Throws a usage error for names that no request can be about. */
function checkNames(names: readonly string[]): void {
  const bad = names.filter((name) => !isFlushable(name));
  if (bad.length === 0) return;
  throw usageError(
    'unclean-path',
    `cannot flush ${quoteNames(bad)}: Kapacitor redirects /kapacitor/v1/users/NAME to another path for such a name`,
    'Wait until the cached entry expires (cache-expiration), or restart Kapacitor.',
  );
}

type Login = Omit<FlushAccount, 'origin'>;

/** The account of the Kapacitors whose URLs name none. */
async function sharedLogin(options: FlushOptions, factory: Factory): Promise<Login> {
  const { kapacitorUser } = options;
  if (kapacitorUser === undefined && !factory.context.io.isInteractive) {
    throw usageError(
      'no-user',
      'no account for Kapacitor given',
      'Add --kapacitor-user NAME and --password-file FILE.',
    );
  }
  const username = kapacitorUser ?? (await (await factory.prompter()).text('Account of Kapacitor', '--kapacitor-user'));
  const question = `Password of ${showName(username)} at Kapacitor`;
  const { secret: password } = await readPassword(options, factory, question, { twice: false, empty: true });
  return { username, password };
}

/** The Kapacitors, each with its account. Throws a usage error before anything is sent. */
async function readAccounts(options: FlushOptions, factory: Factory): Promise<readonly FlushAccount[]> {
  const { kapacitor = [], kapacitorUser } = options;
  if (kapacitor.length === 0) throw usageError('no-kapacitor', 'no Kapacitor given', 'Add --kapacitor URL.');
  const urls = kapacitor.map((url) => splitUrl(url, '--kapacitor', '--kapacitor-user with --password-stdin'));
  const long = urls.find(({ hasPath }) => hasPath);
  if (long !== undefined) throw usageError('bad-url', '--kapacitor: the URL has a path', `Use ${long.origin}`);
  const isNamed = urls.some(({ account }) => account !== undefined);
  if (isNamed && (kapacitorUser !== undefined || hasPasswordSource(options))) {
    const message = 'cannot combine the credentials in --kapacitor with --kapacitor-user or a password';
    throw usageError('two-users', message, 'Name the account once: in --kapacitor or with --kapacitor-user.');
  }
  if (isNamed)
    factory.logger.warn('the password in --kapacitor is visible in the process list and in the shell history');
  const accounts = new Map<string, FlushAccount>();
  let shared: Login | undefined;
  for (const { origin, account } of urls) {
    const login =
      account === undefined
        ? (shared ??= await sharedLogin(options, factory))
        : { username: account[0], password: new Secret(account[1]) };
    accounts.set(origin, { origin, ...login });
  }
  return [...accounts.values()];
}

/** Asks for each name to be typed: its user may be deleted for good. */
async function confirmDelete(
  names: readonly string[],
  { deleteLocal, yes }: FlushOptions,
  factory: Factory,
): Promise<void> {
  if (deleteLocal !== true || yes === true || factory.flags.dryRun === true) return;
  if (!factory.context.io.isInteractive) {
    throw usageError('not-confirmed', '--delete-local requires --yes without a terminal', 'No changes were made.');
  }
  const prompter = await factory.prompter();
  for (const name of names) {
    const question = `Type the name ${showName(name)} to confirm deleting it from Kapacitor's own store`;
    if (await prompter.confirmByTyping(question, name)) continue;
    throw usageError('not-confirmed', 'not confirmed: nothing was flushed or deleted');
  }
}

/** What to assume of a Kapacitor whose configuration is not here. */
const assumedSettings = { authEnabled: true, users: 'meta', cacheExpiration: 600e9 } as const;

/** Gives until when Kapacitor may use what it caches now. Throws where its configuration is named and cannot be read. */
async function readExpiry(options: FlushOptions, factory: Factory): Promise<(now: number) => CacheExpiry | null> {
  const { file, env, envOrigin, warnings } = await locateKapacitorConf(kapacitorOptions(options), factory.context);
  for (const warning of warnings) factory.logger.warn(warning);
  const isAssumed = file === undefined && env.size === 0;
  const { kapacitorVersion } = await factory.networkSettings();
  const reading = readConfiguration(file?.bytes ?? '', env, kapacitorVersion);
  const settings = isAssumed || !reading.starts ? assumedSettings : toDaemonSettings(reading.configuration);
  const timeline = passwordTimeline(settings);
  if (timeline === undefined) return () => null;
  const from = isAssumed || !reading.starts ? 'assumed' : (file?.path ?? envOrigin);
  const basis = `cache-expiration ${showDuration(settings.cacheExpiration)}, ${from}`;
  const { oldUntil, newRefusedUntil } = timeline;
  return (now) => ({
    userUntil: isoTime(now + newRefusedUntil / 1e6),
    passwordUntil: isoTime(now + oldUntil / 1e6),
    basis,
  });
}

export async function run(options: FlushOptions, factory: Factory): Promise<Result<FlushReport>> {
  const { context, flags } = factory;
  const names = [...new Set(options.names)];
  checkNames(names);
  const { kapacitorCa, deleteLocal = false } = options;
  const expiryAt = await readExpiry(options, factory);
  const ca = kapacitorCa === undefined ? undefined : await readCertificates(kapacitorCa, '--kapacitor-ca', context);
  const accounts = await readAccounts(options, factory);
  await confirmDelete(names, options, factory);
  const { limits, proxy } = await factory.networkSettings();
  const dryRun = flags.dryRun === true;
  const client = createRawClient({
    tls: { ca },
    proxy,
    ...limits,
    timeout: limits.timeout + lookupTimeout / 1e6,
  });
  try {
    const work = { names, deleteLocal, dryRun, caFile: kapacitorCa };
    const flush = () => Promise.all(accounts.map((account) => flushKapacitor(client, account, work, factory)));
    const results = (await factory.status.withSpinner('waiting for Kapacitor', flush)).flat();
    const failure = outcomesError(results, 'not flushed', context.stop);
    if (dryRun) factory.logger.info('Dry run: no changes were made.');
    const expiry = failure === undefined ? null : expiryAt(context.clock.now());
    return { data: { dryRun, results, expiry }, view: flushView, ...(failure === undefined ? {} : { failure }) };
  } finally {
    await client.close();
  }
}
