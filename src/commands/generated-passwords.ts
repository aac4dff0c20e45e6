import { describeDone, summaryError } from '../mutations/change.js';
import type { Factory } from '../cli/factory.js';
import type { Secret } from '../model/secret.js';
import { commandLine } from '../model/shell-command.js';
import { type GeneratedPassword, passwordsView } from '../output/views/passwords.js';
import type { Result } from '../output/view.js';
import { type CarriedOut, happened } from './execute-changes.js';

/**
 * The result of a command with `--generate`: the passwords of those that got them, or may have got them; what was done is
 * told in notes. Throws the failure where nothing happened.
 */
export function madePasswords(
  names: readonly string[],
  passwords: ReadonlyMap<string, Secret>,
  out: CarriedOut,
  factory: Factory,
): Result<readonly GeneratedPassword[]> {
  const { results } = out.account;
  const failure = summaryError(out.account);
  if (failure !== undefined && !happened(out)) throw failure;
  for (const { change, status } of results) if (status === 'done') factory.logger.info(describeDone(change));
  const isInForce = (name: string): boolean =>
    results.some(
      ({ change, status }) =>
        'password' in change && change.name === name && (status === 'done' || status === 'unknown'),
    );
  const data = names.map((name) => ({ name, password: (isInForce(name) ? passwords.get(name) : undefined) ?? null }));
  const [only] = names;
  const again = commandLine('kapadmin user passwd', only !== undefined && names.length === 1 ? [only] : []);
  const lost = `The generated ${names.length === 1 ? 'password is' : 'passwords are'} lost. Set a new one: ${again}`;
  return { data, view: passwordsView, hintIfLost: lost, ...(failure === undefined ? {} : { failure }) };
}
