import type { Access } from '../../report/access.js';
import { listView } from '../table.js';

/** Who may do what: a row for each question. */
export const accessView = listView<Access>({
  columns: ['user', 'method', 'path', 'allowed', 'decided by'],
  row: ({ user, method, path, allowed, why }) => [user, method, path, allowed ? 'yes' : 'no', why],
  json: (access) => access,
  name: ({ user }) => user,
  empty: 'nobody',
});
