import type { Context } from '../context.js';
import { type ErrorKind, KapadminError } from '../errors.js';
import { excerpt, nearest } from '../model/text.js';
import { checkNamedConfig, userConfigPath } from './config-find.js';
import type { GlobalFlags } from './flags.js';
import { defaultLayer, environmentLayer, flagLayer, type Layer } from './layers.js';
import { type Origin, placeOf } from './origin.js';
import { pick } from './pick.js';
import type { UserConfig } from './user-config.js';

/** Each setting as the first layer that has it gives it. */
export interface Gathered {
  readonly given: Layer;
  /** The profile that counts. */
  readonly profile: string | undefined;
}

/** An error for a profile that is not there, with the nearest name; `place` begins the message. */
export function noSuchProfile(
  kind: ErrorKind,
  name: string,
  place: string,
  file: string,
  names: readonly string[],
): KapadminError {
  const near = nearest(name, names);
  const known = names.length === 0 ? 'Make one: kapadmin profile add NAME.' : 'See kapadmin profile list.';
  const hint = near === undefined ? known : `did you mean "${near}"?`;
  const message = `${place}there is no profile "${excerpt(name, 60)}" in ${file}`;
  return new KapadminError(kind, 'no-such-profile', message, { hint });
}

/** The error of a default profile that does not exist. Its name is not shown: it may be a password in a wrong place. */
function noDefaultProfile(name: string, file: string, names: readonly string[]): KapadminError {
  const near = nearest(name, names);
  const hint = near === undefined ? 'Set one: kapadmin profile use NAME.' : `Did you mean "${near}"?`;
  return new KapadminError('usage', 'no-such-profile', `"default" in ${file} names no profile of that file`, { hint });
}

/** The profile that a flag or a variable names. */
function askedProfile(flags: GlobalFlags, env: Context['env']): { name: string; origin: Origin } | undefined {
  if (flags.profile !== undefined) return { name: flags.profile, origin: { from: 'flag', name: '--profile' } };
  const name = env['KAPADMIN_PROFILE'];
  if (name === undefined || name === '') return undefined;
  return { name, origin: { from: 'environment', name: 'KAPADMIN_PROFILE' } };
}

/**
 * The layers in their order: flags, environment, the profile asked for or the default one, and the default values.
 * Throws a usage error where the configuration file or the profile that was asked for does not exist.
 */
export async function gather(flags: GlobalFlags, context: Context, config: UserConfig | undefined): Promise<Gathered> {
  if (config === undefined) await checkNamedConfig(context, flags.config);
  const asked = askedProfile(flags, context.env);
  const profile = asked?.name ?? config?.standard;
  const layer = profile === undefined ? undefined : config?.profiles.get(profile);
  if (profile !== undefined && layer === undefined) {
    const file = config?.file ?? (await userConfigPath(context, flags.config));
    const names = [...(config?.profiles.keys() ?? [])];
    if (asked === undefined) throw noDefaultProfile(profile, file, names);
    throw noSuchProfile('usage', profile, `${placeOf(asked.origin, 'profile')}: `, file, names);
  }
  const layers: readonly Layer[] = [
    flagLayer(flags, context.cwd),
    environmentLayer(context.env, context.cwd),
    ...(layer === undefined ? [] : [layer]),
    defaultLayer(),
  ];
  return { given: pick(layers), profile };
}
