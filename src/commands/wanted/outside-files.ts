import type { SecretRef } from '../../mutations/change.js';
import type { Deps } from '../../deps.js';
import { usageError } from '../../errors.js';
import { quoteName, showFile } from '../../model/name.js';
import { isBelow, secretPath } from '../../settings/state-files.js';
import type { LoadedState } from './load.js';

/** A user's reference to a password or hash, and the state file or saved plan that makes it. */
export interface NamedSecret {
  readonly user: string;
  readonly ref: SecretRef | undefined;
  /** The whole path of that file; undefined for standard input. */
  readonly by: string | undefined;
}

const maxTold = 20;

/** The references of state files. */
export function secretsOf({ wanted, paths }: LoadedState): readonly NamedSecret[] {
  return [...wanted.users].map(([user, { password, hash, file }]) => {
    return { user, ref: password ?? hash, by: paths.get(file) };
  });
}

/** The files that lie outside the folder of the file that names them, symbolic links followed. */
export async function outsideFiles(
  named: readonly NamedSecret[],
  { context }: Deps,
): Promise<readonly { readonly user: string; readonly file: string }[]> {
  const { files } = context;
  const folders = new Map<string, string>();
  const outside: { user: string; file: string }[] = [];
  for (const { user, ref, by } of named) {
    if (ref?.from !== 'file') continue;
    const folder = secretPath(by, '.', context);
    const real = folders.get(folder) ?? (await files.realPath(folder));
    folders.set(folder, real);
    if (!isBelow(await files.realPath(ref.path), real)) outside.push({ user, file: ref.path });
  }
  return outside;
}

/**
 * Throws a usage error that names the files outside the folder of the file that refers to them: state files of somebody
 * else must not send what their reader alone may read.
 */
export async function checkOutsideFiles(
  named: readonly NamedSecret[],
  flags: { readonly allowOutsideFiles?: boolean },
  deps: Deps,
): Promise<void> {
  if (flags.allowOutsideFiles === true) return;
  const outside = await outsideFiles(named, deps);
  if (outside.length === 0) return;
  const lines = outside.slice(0, maxTold).map(({ user, file }) => `  user ${quoteName(user)}: ${showFile(file)}`);
  const more = outside.length > maxTold ? [`  and ${outside.length - maxTold} more`] : [];
  throw usageError(
    'file-outside',
    'cannot use files outside the folder of the file that names them:',
    'Nothing was changed. If they are meant to be sent to the cluster, give --allow-outside-files.',
    [...lines, ...more],
  );
}
