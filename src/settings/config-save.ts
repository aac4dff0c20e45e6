import path from 'node:path';
import type { Context } from '../context.js';
import { usageError } from '../errors.js';
import { draftConfig, type ConfigDraft } from './config-draft.js';
import { largestConfig, userConfigPath } from './config-find.js';
import type { GlobalFlags } from './flags.js';
import { loadUserConfig, type UserConfig } from './user-config.js';

async function changed(
  file: string,
  context: Context,
  flags: GlobalFlags,
  change: (draft: ConfigDraft, config: UserConfig | undefined) => void,
): Promise<string> {
  const config = await loadUserConfig(context, flags.config);
  const draft = await draftConfig(file, config?.text ?? '');
  change(draft, config);
  const text = draft.text();
  if (Buffer.byteLength(text) <= largestConfig) return text;
  throw usageError('config-too-large', `${file} would be over its limit of ${largestConfig} bytes`);
}

/**
 * Changes the user's own configuration file: written whole, mode 0600, its folder 0700 where it is made. `change` gets
 * the file as it is now, while no other kapadmin writes it; it may throw. With `--dry-run` nothing is written. Resolves
 * to the file's path.
 */
export async function saveUserConfig(
  context: Context,
  flags: GlobalFlags,
  change: (draft: ConfigDraft, config: UserConfig | undefined) => void,
): Promise<string> {
  const { files, stop } = context;
  const file = await userConfigPath(context, flags.config);
  if (flags.dryRun === true) {
    await changed(file, context, flags, change);
    return file;
  }
  await files.makeFolder(path.dirname(file), 0o700);
  const lock = await files.lock(file, stop);
  try {
    await files.writeWhole(file, await changed(file, context, flags, change), 0o600);
  } finally {
    await lock.release();
  }
  return file;
}
