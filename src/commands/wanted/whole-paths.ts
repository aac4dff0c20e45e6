import type { Change, SecretRef } from '../../mutations/change.js';
import { usageError } from '../../errors.js';

/** Changes that refer to hashes by the whole path of their file, so that a saved plan can be carried out anywhere. */
export function withWholePaths(
  changes: readonly Change[],
  paths: ReadonlyMap<string, string | undefined>,
): readonly Change[] {
  const whole = (ref: SecretRef): SecretRef => {
    if (ref.from !== 'state') return ref;
    const file = paths.get(ref.file);
    if (file !== undefined) return { ...ref, file };
    throw usageError(
      'hashes-not-saved',
      'a saved plan holds no hashes, and these came from standard input',
      'Give the file itself to plan, or apply without a saved plan.',
    );
  };
  return changes.map((change) => {
    return change.on === 'user' && change.action === 'create' && change.hash !== undefined
      ? { ...change, hash: whole(change.hash) }
      : change;
  });
}
