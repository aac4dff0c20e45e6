import type { GlobalFlags } from '../../src/settings/flags.js';
import { resolveLayers, resolveSettings, type Settings } from '../../src/settings/settings.js';
import { loadUserConfig } from '../../src/settings/config-file.js';
import { KapadminError } from '../../src/errors.js';
import { createLogger } from '../../src/output/logger.js';
import { plainStyle } from '../../src/output/style.js';
import { makeTestContext, type TestContext, type TestOptions } from '../context.js';
import { makeFolder } from '../folder.js';

export const ownFile = '.config/kapadmin/config.yaml';

export interface Place extends TestOptions {
  readonly flags?: GlobalFlags;
  /** The user's own configuration file. */
  readonly own?: string;
}

/** A context with these files, and the way to its settings. */
export function placeOf(place: Place): { context: TestContext; resolve: () => Promise<Settings> } {
  const home = makeFolder(place.own === undefined ? {} : { [ownFile]: place.own });
  const context = makeTestContext({ home, ...place });
  const { flags = {} } = place;
  const logger = createLogger((text) => context.io.err(text), plainStyle, flags);
  const resolve = async (): Promise<Settings> => {
    const config = await loadUserConfig(context, flags.config);
    return resolveSettings(await resolveLayers(flags, context, config), context, logger);
  };
  return { context, resolve };
}

export async function settingsOf(place: Place): Promise<Settings> {
  return placeOf(place).resolve();
}

/** The error of a place without valid settings. */
export async function faultOf(place: Place): Promise<KapadminError> {
  return placeOf(place)
    .resolve()
    .then(
      () => {
        throw new Error('the settings are valid');
      },
      (error: unknown) => {
        if (error instanceof KapadminError) return error;
        throw error;
      },
    );
}
