import type { AccessDecision } from '../../access-matrix/decide-access.js';
import { listView } from '../table.js';
import type { View } from '../view.js';

const list = listView<AccessDecision>({
  columns: ['user', 'method', 'path', 'allowed', 'decided by'],
  row: ({ user, method, path, allowed, why }) => [user, method, path, allowed ? 'yes' : 'no', why],
  prose: ['decided by'],
  json: (access) => access,
  name: ({ user }) => user,
  empty: 'nobody',
});

/** A row for each request; a name for each user. */
export const accessView: View<readonly AccessDecision[]> = {
  ...list,
  extra: { ...list.extra, name: (accesses) => [...new Set(accesses.map(({ user }) => user))] },
};

/** The one word that a script reads; for people the reason below it. */
export const canIView: View<readonly AccessDecision[]> = {
  ...list,
  text: (accesses, { terminal }) =>
    accesses.flatMap(({ allowed, status, why }) => {
      const reason = status === null ? why : `${status}: ${why}`;
      return [allowed ? 'yes' : 'no', ...(terminal ? [reason] : [])];
    }),
};
