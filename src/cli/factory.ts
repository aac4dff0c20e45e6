import type { Context } from '../context.js';
import type { MetaClient, MetaCredentials } from '../meta/api.js';
import {
  createLogger,
  createSpinner,
  createTerminalStatus,
  type Logger,
  silentStatus,
  type TerminalStatus,
} from '../output/logger.js';
import type { GlobalFlags } from '../settings/flags.js';
import type { Prompter } from '../prompt/prompter.js';
import type { Network, Settings } from '../settings/settings.js';
import type { UserConfig } from '../settings/config-file.js';
import { colorLevel, makeStyle } from '../output/style.js';
import type { ExtraFormat } from '../output/view.js';

/** What a command may use. Costly things are functions, made once and only when called. */
export interface Factory {
  readonly context: Context;
  readonly flags: GlobalFlags;
  readonly logger: Logger;
  /** What is shown while a work lasts; calls of the meta client tell of themselves. */
  readonly status: TerminalStatus;
  /** The user's configuration file, undefined where there is none. Depends on flags, env, files. */
  userConfig(): Promise<UserConfig | undefined>;
  /** Limits and proxy of the connection, for which no account is needed. Depends on flags, env, files. */
  networkSettings(): Promise<Network>;
  /** The connection: flags, environment, profile. Depends on flags, env, files, stdin for a password. */
  settings(): Promise<Settings>;
  /** The client of the meta API. Depends on settings. */
  metaClient(): Promise<MetaClient>;
  /** A new client of the same nodes with other credentials. Depends on settings. */
  metaClientWith(credentials: MetaCredentials): Promise<MetaClient>;
  /** The output that flags, environment or the configuration file ask for. */
  outputFormat(extra: readonly ExtraFormat[]): Promise<string>;
  /** Questions on a terminal; refuses elsewhere. Depends on io. */
  prompter(): Promise<Prompter>;
}

export interface ClosableFactory extends Factory {
  close(): Promise<void>;
}

/** A function that makes its value once. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return () => (value ??= make());
}

/** A spinner where a person looks at a terminal that can move its cursor. */
function createStatus({ quiet = false }: GlobalFlags, { io, env, clock }: Context): TerminalStatus {
  const isShown = io.stderrIsTerminal && !quiet && env['TERM'] !== 'dumb';
  return isShown ? createTerminalStatus(createSpinner(io), (ms, signal) => clock.sleep(ms, signal)) : silentStatus;
}

/** Everything is made when it is first asked for. */
export function createFactory(flags: GlobalFlags, context: Context): ClosableFactory {
  const level = colorLevel(context.env, context.io.stderrIsTerminal, flags.color === false);
  const style = makeStyle(level, context.io.stderrIsTerminal, context.io.columns());
  const status = createStatus(flags, context);
  const logger = createLogger((text) => status.printAbove(() => context.io.err(text)), style, flags);
  context.onExit?.(() => logger.flush());
  const prompter = once(async () =>
    (await import('../prompt/terminal-prompter.js')).makePrompter(context, level > 0, () => logger.flush()),
  );
  const userConfig = once(async () =>
    (await import('../settings/config-file.js')).loadUserConfig(context, flags.config),
  );
  const layers = once(async () =>
    (await import('../settings/settings.js')).resolveLayers(flags, context, await userConfig()),
  );
  const networkSettings = once(async () =>
    (await import('../settings/settings.js')).networkSettings(await layers(), context.env),
  );
  const settings = once(async () =>
    (await import('../settings/settings.js')).resolveSettings(await layers(), context, logger, prompter),
  );
  const clients: MetaClient[] = [];
  const metaClientWith = async (credentials?: MetaCredentials): Promise<MetaClient> => {
    const { connect, withSpinner } = await import('../settings/connect.js');
    const known = await settings();
    const client = await connect({ ...known, credentials: credentials ?? known.credentials }, context, logger, flags);
    clients.push(client);
    return status === silentStatus ? client : withSpinner(client, status);
  };
  const metaClient = once(() => metaClientWith());
  return {
    context,
    flags,
    logger,
    status,
    userConfig,
    networkSettings,
    settings,
    metaClient,
    metaClientWith,
    prompter,
    outputFormat: async (extra) =>
      flags.output ??
      (await (await import('../settings/config-file.js')).configuredFormat(flags, context.env, userConfig, extra)) ??
      'table',
    close: async () => void (await Promise.all(clients.map((client) => client.close()))),
  };
}
