import type { Context } from '../context.js';
import type { MetaClient, MetaCredentials } from '../meta/client-types.js';
import { createLogger, type Logger } from '../output/logger.js';
import { createSpinner, createTerminalStatus, silentStatus, type TerminalStatus } from '../output/progress.js';
import type { GlobalFlags } from '../settings/flags.js';
import type { Prompter } from '../prompt/prompter.js';
import {
  networkSettings,
  type NetworkSettings,
  resolveLayers,
  resolveSettings,
  type Settings,
} from '../settings/settings.js';
import { configuredFormat, loadUserConfig, type UserConfig } from '../settings/config-file.js';
import { showName } from '../model/text.js';
import { colorLevel, type Style } from '../output/style.js';
import type { ExtraFormat } from '../output/view.js';

/** What a command may use. Costly things are functions, made once and only when called. */
export interface Factory {
  readonly context: Context;
  readonly flags: GlobalFlags;
  readonly logger: Logger;
  /** The progress display; calls of the meta client report themselves. */
  readonly status: TerminalStatus;
  /** The user's configuration file, if any. Depends on flags, env, files. */
  userConfig(): Promise<UserConfig | undefined>;
  /** Limits and proxy of the connection, for which no account is needed. Depends on flags, env, files. */
  networkSettings(): Promise<NetworkSettings>;
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
  /** The same for one profile of several: its own connection; its notes begin with its name. */
  forProfile(profile: string): Factory;
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

/** What several clusters share. */
type Shared = Pick<Factory, 'context' | 'logger' | 'status' | 'userConfig' | 'prompter'>;

/** A logger that names the cluster. */
function namedLogger(logger: Logger, name: string): Logger {
  const prefixed = (text: string): string => `${showName(name)}: ${text}`;
  return {
    ...logger,
    info: (text) => logger.info(prefixed(text)),
    progress: (text) => logger.progress(prefixed(text)),
    warn: (text) => logger.warn(prefixed(text)),
    debug: (text) => logger.debug(prefixed(text)),
    show: (text) => logger.show(prefixed(text)),
  };
}

/** Questions that name the cluster: a password for one must not be given to another. */
function namedPrompter(prompter: Prompter, name: string): Prompter {
  return {
    ...prompter,
    password: (question, instead) => prompter.password(`${question} (${showName(name)})`, instead),
  };
}

/** Everything is created on first use; `style` is that of stderr. */
export function createFactory(flags: GlobalFlags, context: Context, style: Style): ClosableFactory {
  const isColoured = colorLevel(context.env, context.io.stderrIsTerminal, flags.color === false) > 0;
  const status = createStatus(flags, context);
  const logger = createLogger((text) => status.printAbove(() => context.io.err(text)), style, flags);
  context.onExit?.(() => logger.flush());
  const prompter = once(async () =>
    (await import('../prompt/prompter.js')).createPrompter(context, isColoured, () => logger.flush()),
  );
  const userConfig = once(() => loadUserConfig(context, flags.config));
  return connectedFactory(flags, { context, logger, status, userConfig, prompter });
}

/** The factory of one connection. */
function connectedFactory(flags: GlobalFlags, shared: Shared): ClosableFactory {
  const { context, logger, status, userConfig, prompter } = shared;
  const layers = once(async () => resolveLayers(flags, context, await userConfig()));
  const settings = once(async () => resolveSettings(await layers(), context, logger, prompter));
  const clients: Pick<MetaClient, 'close'>[] = [];
  const metaClientWith = async (credentials?: MetaCredentials): Promise<MetaClient> => {
    const { connectMetaClient, withSpinner } = await import('../settings/connect.js');
    const known = await settings();
    const client = await connectMetaClient(
      { ...known, credentials: credentials ?? known.credentials },
      context,
      logger,
      flags,
    );
    clients.push(client);
    return status === silentStatus ? client : withSpinner(client, status);
  };
  const metaClient = once(() => metaClientWith());
  const outputFormat = async (extra: readonly ExtraFormat[]): Promise<string> =>
    flags.output ?? (await configuredFormat(flags, context.env, userConfig, extra)) ?? 'table';
  return {
    context,
    flags,
    logger,
    status,
    userConfig,
    networkSettings: once(async () => networkSettings(await layers(), context.env)),
    settings,
    metaClient,
    metaClientWith,
    prompter,
    forProfile: (profile) => {
      const own = connectedFactory(
        { ...flags, profile: [profile] },
        {
          ...shared,
          logger: namedLogger(logger, profile),
          prompter: async () => namedPrompter(await prompter(), profile),
        },
      );
      clients.push(own);
      return { ...own, outputFormat };
    },
    outputFormat,
    close: async () => void (await Promise.all(clients.map((client) => client.close()))),
  };
}
