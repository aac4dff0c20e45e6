import type { Context } from '../context.js';
import { usageError } from '../errors.js';
import { excerpt } from '../model/text.js';
import type { GlobalFlags } from './flags.js';
import type { Given } from './layers.js';
import { placeOf } from './origin.js';
import type { UserConfig } from './user-config.js';

const formats = ['table', 'json', 'yaml', 'csv', 'name', 'markdown', 'html', 'sarif', 'junit'];

async function configured(
  flags: GlobalFlags,
  env: Context['env'],
  userConfig: () => Promise<UserConfig | undefined>,
): Promise<Given | undefined> {
  const fromEnvironment = env['KAPADMIN_OUTPUT'];
  if (fromEnvironment) return { texts: [fromEnvironment], origin: { from: 'environment', name: 'KAPADMIN_OUTPUT' } };
  const config = await userConfig();
  const profile = flags.profile ?? (env['KAPADMIN_PROFILE'] || config?.standard);
  return profile === undefined ? undefined : config?.profiles.get(profile)?.get('output');
}

/**
 * The output that the environment or the profile asks for; undefined where neither does, or where this command (with
 * `extra` beside table, json and yaml) does not have it.
 */
export async function configuredFormat(
  flags: GlobalFlags,
  env: Context['env'],
  userConfig: () => Promise<UserConfig | undefined>,
  extra: readonly string[] = [],
): Promise<string | undefined> {
  const given = await configured(flags, env, userConfig);
  const format = given?.texts[0];
  if (given === undefined || format === undefined) return undefined;
  if (!formats.includes(format)) {
    const message = `${placeOf(given.origin, 'output')}: there is no output "${excerpt(format, 40)}"`;
    throw usageError('unknown-output', message, `There are ${formats.join(', ')}.`);
  }
  return formats.slice(0, 3).includes(format) || extra.includes(format) ? format : undefined;
}
