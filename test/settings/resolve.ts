import type { GlobalFlags } from '../../src/settings/flags.js';
import { resolveSettings, type Settings } from '../../src/settings/settings.js';
import { KapadminError } from '../../src/errors.js';
import { makeNotes } from '../../src/output/notes.js';
import { plainStyle } from '../../src/output/style.js';
import { makeTestContext, type TestContext, type TestOptions } from '../context.js';
import { makeFolder } from '../folder.js';

export const ownFile = '.config/kapadmin/config.yaml';

export interface Place extends TestOptions {
  readonly flags?: GlobalFlags;
  /** The user's own configuration file. */
  readonly own?: string;
  /** The file `.kapadminrc.yaml` of the working directory. */
  readonly tree?: string;
  /** The user's trusted nodes. */
  readonly trusted?: string;
}

/** A context with these files, and the way to its settings. */
export function placeOf(place: Place): { context: TestContext; resolve: () => Promise<Settings> } {
  const home = makeFolder({
    ...(place.own === undefined ? {} : { [ownFile]: place.own }),
    ...(place.trusted === undefined ? {} : { '.config/kapadmin/trusted': place.trusted }),
  });
  const cwd = makeFolder(place.tree === undefined ? {} : { '.kapadminrc.yaml': place.tree });
  const context = makeTestContext({ home, cwd, ...place });
  const { flags = {} } = place;
  const notes = makeNotes((text) => context.io.err(text), plainStyle, flags);
  return { context, resolve: () => resolveSettings(flags, context, notes) };
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
