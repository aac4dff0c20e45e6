// The changes that the tests of the engine must notice: each row of the permission tables, and each rule of "how
// Kapacitor decides" once. A row is [rule, find, replace] in a file of src/; `find` stands there exactly once.
import { routing } from './mutations/routing.mjs';
import { credentials } from './mutations/credentials.mjs';
import { users } from './mutations/users.mjs';
import { lookups } from './mutations/lookups.mjs';
import { permissions } from './mutations/permissions.mjs';

/** @type {{file: string, find: string, replace: string, rule: string}[]} */
export const mutations = [routing, credentials, users, lookups, permissions].flatMap((table) =>
  Object.entries(table).flatMap(([file, rows]) => rows.map(([rule, find, replace]) => ({ file, find, replace, rule }))),
);
