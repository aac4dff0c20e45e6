import path from 'node:path';
import type { Context } from '../context.js';
import { usageError } from '../errors.js';
import { escapeControls } from '../model/text.js';
import { draftConfig, type ConfigDraft } from './config-draft.js';
import { largestConfig, userConfigPath } from './config-find.js';
import type { GlobalFlags } from './flags.js';

/**
 * Changes the user's own configuration file: written whole, mode 0600, its folder 0700 where it is made. With
 * `--dry-run` nothing is written. Resolves to the file's path.
 */
export async function saveUserConfig(
  context: Context,
  flags: GlobalFlags,
  change: (draft: ConfigDraft) => void,
): Promise<string> {
  const file = await userConfigPath(context, flags.config);
  const there = await context.files.readIfThere(file);
  const draft = await draftConfig(file, there?.text ?? '');
  change(draft);
  const text = draft.text();
  if (Buffer.byteLength(text) > largestConfig) {
    throw usageError('config-too-large', `${escapeControls(file)} would be over its limit of ${largestConfig} bytes`);
  }
  if (flags.dryRun === true) return file;
  await context.files.makeFolder(path.dirname(file), 0o700);
  await context.files.writeWhole(file, text, 0o600);
  return file;
}
