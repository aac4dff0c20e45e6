import type { Deps } from '../../cli/factory.js';
import { type UserConfig, userConfigPath } from '../../settings/config-file.js';
import { noSuchProfile } from '../../settings/settings.js';

const empty: Pick<UserConfig, 'standard' | 'profiles'> = { standard: undefined, profiles: new Map() };

/** The profiles of the user's own file, none where there is no file yet; and the path of that file. */
export async function knownProfiles({
  context,
  flags,
  userConfig,
}: Deps): Promise<Pick<UserConfig, 'file' | 'standard' | 'profiles'>> {
  return (await userConfig()) ?? { ...empty, file: await userConfigPath(context, flags.config) };
}

/** Throws a not-found error, with the nearest name, for the first of the names that is no profile. */
export function checkKnown(config: Pick<UserConfig, 'file' | 'profiles'>, names: readonly string[]): void {
  const missing = names.find((name) => !config.profiles.has(name));
  if (missing === undefined) return;
  throw noSuchProfile('not-found', missing, '', config.file, [...config.profiles.keys()]);
}
