import { describeDone, summaryError } from '../mutations/change.js';
import type { Factory } from '../cli/factory.js';
import type { Secret } from '../model/secret.js';
import { commandLine } from '../model/shell-command.js';
import { type GeneratedPassword, passwordsView } from '../output/views/changes.js';
import type { Result } from '../output/view.js';
import { type ExecutedChanges, hasEffect } from './execute-changes.js';

/**
 * The result of a command with `--generate`: the passwords of those that got them, or may have got them; what was done is
 * reported in notes. Throws the failure where nothing happened.
 */
export function generatedPasswordsResult(
  names: readonly string[],
  passwords: ReadonlyMap<string, Secret>,
  executed: ExecutedChanges,
  factory: Factory,
): Result<readonly GeneratedPassword[]> {
  const { results } = executed.summary;
  const failure = summaryError(executed.summary);
  if (failure !== undefined && !hasEffect(executed)) throw failure;
  for (const { change, status } of results) if (status === 'done') factory.logger.info(describeDone(change));
  const isActive = (name: string): boolean =>
    results.some(
      ({ change, status }) =>
        'password' in change && change.name === name && (status === 'done' || status === 'unknown'),
    );
  const data = names.map((name) => ({ name, password: (isActive(name) ? passwords.get(name) : undefined) ?? null }));
  const [only] = names;
  const passwdCommand = commandLine('kapadmin user passwd', only !== undefined && names.length === 1 ? [only] : []);
  const hintIfLost = `The generated ${names.length === 1 ? 'password is' : 'passwords are'} lost. Set a new one: ${passwdCommand}`;
  return { data, view: passwordsView, hintIfLost, ...(failure === undefined ? {} : { failure }) };
}
