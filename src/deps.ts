import type { Context } from './context.js';
import type { Credentials, MetaClient } from './meta/api.js';
import type { Notes } from './output/logger.js';
import type { Status } from './output/progress.js';
import type { GlobalFlags } from './settings/flags.js';
import type { Prompter } from './settings/prompter.js';
import type { Network, Settings } from './settings/settings.js';
import type { UserConfig } from './settings/user-config.js';

/** What a verb may use. Costly things are functions, made once and only when called. */
export interface Deps {
  readonly context: Context;
  readonly flags: GlobalFlags;
  readonly notes: Notes;
  /** What is shown while a work lasts; calls of the meta client tell of themselves. */
  readonly status: Status;
  /** The user's configuration file, undefined where there is none. Depends on flags, env, files. */
  userConfig(): Promise<UserConfig | undefined>;
  /** Limits and proxy of the connection, for which no account is needed. Depends on flags, env, files. */
  network(): Promise<Network>;
  /** The connection: flags, environment, profile. Depends on flags, env, files, stdin for a password. */
  settings(): Promise<Settings>;
  /** The client of the meta API. Depends on settings. */
  meta(): Promise<MetaClient>;
  /** A new client of the same nodes with other credentials. Depends on settings. */
  metaAs(credentials: Credentials): Promise<MetaClient>;
  /** Questions on a terminal; refuses elsewhere. Depends on io. */
  prompter(): Promise<Prompter>;
}
