import type { Context } from '../context.js';
import { usageError } from '../errors.js';
import { excerpt } from '../model/text.js';
import { findTreeConfig, findUserConfig } from './config-find.js';
import type { GlobalFlags } from './flags.js';
import type { Given } from './layers.js';
import { placeOf } from './origin.js';

const formats = ['table', 'json', 'yaml', 'csv', 'name', 'markdown', 'html', 'sarif', 'junit'];

async function configured(flags: GlobalFlags, context: Context): Promise<Given | undefined> {
  const fromEnvironment = context.env['KAPADMIN_OUTPUT'];
  if (fromEnvironment) return { texts: [fromEnvironment], origin: { from: 'environment', name: 'KAPADMIN_OUTPUT' } };
  const found = (await findUserConfig(context, flags.config, true)) ?? (await findTreeConfig(context, flags.config));
  if (found === undefined) return undefined;
  const { loadUserConfig } = await import('./user-config.js');
  const { loadTreeConfig } = await import('./tree-config.js');
  const config = await loadUserConfig(context, flags.config, true);
  const asked = flags.profile ?? context.env['KAPADMIN_PROFILE'];
  const layers = [
    asked ? config?.profiles.get(asked) : undefined,
    await loadTreeConfig(context, flags.config),
    asked ? undefined : config?.profiles.get(config.standard ?? ''),
  ];
  return layers.find((layer) => layer?.has('output'))?.get('output');
}

/**
 * The output that the environment, a profile or the working tree asks for; undefined where nobody does, or where this
 * command (with `extra` beside table, json and yaml) does not have it. Without files, nothing more is loaded.
 */
export async function configuredFormat(
  flags: GlobalFlags,
  context: Context,
  extra: readonly string[] = [],
): Promise<string | undefined> {
  const given = await configured(flags, context);
  const format = given?.texts[0];
  if (given === undefined || format === undefined) return undefined;
  if (!formats.includes(format)) {
    const message = `${placeOf(given.origin, 'output')}: there is no output "${excerpt(format, 40)}"`;
    throw usageError('unknown-output', message, `There are ${formats.join(', ')}.`);
  }
  return formats.slice(0, 3).includes(format) || extra.includes(format) ? format : undefined;
}
