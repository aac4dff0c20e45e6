import { KapadminError } from '../errors.js';
import { quoteName, quoteNames } from '../model/name.js';
import { nearest } from '../model/nearest.js';

/**
 * The error for users or roles that the cluster does not have.
 * @param cannot what failed, before the colon
 * @param known names that one of them may have meant
 */
export function notFound(
  what: 'user' | 'role',
  names: readonly string[],
  cannot?: string,
  known: readonly string[] = [],
): KapadminError {
  const [only = '', ...others] = names;
  const who = others.length === 0 ? `${what} ${quoteName(only)}` : `${what}s ${quoteNames(names)}`;
  const near = others.length === 0 ? nearest(only, known) : undefined;
  const hint = near === undefined ? `See kapadmin ${what} list.` : `Did you mean ${quoteName(near)}?`;
  const message = `${cannot === undefined ? '' : `${cannot}: `}${who} not found`;
  return new KapadminError('not-found', `${what}-not-found`, message, { hint });
}
