import type { Context } from '../context.js';
import { KapadminError, type ErrorKind } from '../errors.js';
import { nearest } from '../model/nearest.js';
import { escapeControls, excerpt } from '../model/text.js';
import { userConfigPath } from './config-find.js';
import type { GlobalFlags } from './flags.js';
import { defaultLayer, environmentLayer, flagLayer, type Layer } from './layers.js';
import { placeOf, type Origin } from './origin.js';
import { pick } from './pick.js';
import { loadTreeConfig } from './tree-config.js';
import { loadUserConfig, type UserConfig } from './user-config.js';

/** Each setting as the first layer that has it gives it. */
export interface Gathered {
  readonly given: Layer;
  /** The profile that counts. */
  readonly profile: string | undefined;
  readonly config: UserConfig | undefined;
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
  const hint = near === undefined ? known : `did you mean "${escapeControls(near)}"?`;
  const message = `${place}there is no profile "${excerpt(name, 60)}" in ${escapeControls(file)}`;
  return new KapadminError(kind, 'no-such-profile', message, { hint });
}

/** The profile that a flag or a variable names. */
function askedProfile(flags: GlobalFlags, env: Context['env']): { name: string; origin: Origin } | undefined {
  if (flags.profile !== undefined) return { name: flags.profile, origin: { from: 'flag', name: '--profile' } };
  const name = env['KAPADMIN_PROFILE'];
  if (name === undefined || name === '') return undefined;
  return { name, origin: { from: 'environment', name: 'KAPADMIN_PROFILE' } };
}

/**
 * The layers in their order: flags, environment, the profile asked for, the working tree, the default profile, and
 * what counts where none of them says anything.
 */
export async function gather(flags: GlobalFlags, context: Context): Promise<Gathered> {
  const config = await loadUserConfig(context, flags.config);
  const tree = await loadTreeConfig(context, flags.config);
  const asked = askedProfile(flags, context.env);
  const profile = asked?.name ?? config?.standard;
  const layer = profile === undefined ? undefined : config?.profiles.get(profile);
  if (profile !== undefined && layer === undefined) {
    const file = config?.file ?? (await userConfigPath(context, flags.config));
    const place = asked === undefined ? '"default": ' : `${placeOf(asked.origin, 'profile')}: `;
    throw noSuchProfile('usage', profile, place, file, [...(config?.profiles.keys() ?? [])]);
  }
  const none: Layer = new Map();
  const layers = [
    flagLayer(flags, context.cwd),
    environmentLayer(context.env, context.cwd),
    (asked === undefined ? undefined : layer) ?? none,
    tree ?? none,
    layer ?? none,
    defaultLayer(),
  ];
  return { given: pick(layers), profile, config };
}
