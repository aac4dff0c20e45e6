import { KapadminError } from '../errors.js';
import { nearest, quoteName, quoteNames } from './text.js';

/**
 * The error for users or roles that the cluster does not have.
 * @param cannot what failed: the text before the colon
 * @param known names to suggest from, where one name is not found
 */
export function notFoundError(
  what: 'user' | 'role',
  names: readonly string[],
  cannot?: string,
  known: readonly string[] = [],
): KapadminError {
  const [only = '', ...others] = names;
  const who = others.length === 0 ? `${what} ${quoteName(only)}` : `${what}s ${quoteNames(names)}`;
  const near = others.length === 0 ? nearest(only, known) : undefined;
  const hint = near === undefined ? `To list all: kapadmin ${what} list` : `Did you mean ${quoteName(near)}?`;
  const message = `${cannot === undefined ? '' : `${cannot}: `}${who} not found`;
  return new KapadminError('not-found', `${what}-not-found`, message, { hint });
}
