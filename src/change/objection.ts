import { KapadminError } from '../errors.js';
import type { Change } from './change.js';
import type { Found } from './found.js';
import { notFound } from './not-found.js';
import type { Creates } from './order.js';
import { toDo } from './words.js';

/**
 * Why a change cannot be carried out as things were found: its user or role is missing, or is there already.
 * @param creates what the same list creates
 */
export function objectionTo(change: Change, before: Found, creates: Creates): KapadminError | undefined {
  const isThere = (on: 'user' | 'role', name: string): boolean =>
    (on === 'user' ? before.users : before.roles).has(name);
  const there = isThere(change.on, change.name);
  if (change.action === 'create') {
    if (!there) return undefined;
    return new KapadminError('exists', `${change.on}-exists`, `cannot ${toDo(change)}: it already exists`);
  }
  if (!there && !creates[change.on].has(change.name))
    return notFound(change.on, [change.name], `cannot ${toDo(change)}`);
  if (change.action !== 'add-users') return undefined;
  const strangers = change.users.filter((user) => !isThere('user', user) && !creates.user.has(user));
  return strangers.length > 0 ? notFound('user', strangers, `cannot ${toDo(change)}`) : undefined;
}

/** Whether an objection only says that things are as the change would make them. */
export function isAlreadySo(change: Change, objection: KapadminError): boolean {
  return (
    (change.action === 'create' && objection.kind === 'exists') ||
    (change.action === 'delete' && objection.kind === 'not-found')
  );
}
