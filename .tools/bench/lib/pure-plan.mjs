// The pure plan alone, in a process of its own: `node pure-plan.mjs PLAN PARSE USERS ROLES`; prints its milliseconds.
import { liveAnswers, wantedState } from './large.mjs';

const [, , planModule, parseModule, users, roles] = process.argv;
const { plan } = await import(planModule);
const { parseState } = await import(parseModule);

/** The live answer as the client gives it. */
function actualOf(answers) {
  const scopes = (permissions = {}) => new Map(Object.entries(permissions));
  const userList = JSON.parse(answers['/user']).users;
  const roleList = JSON.parse(answers['/role']).roles;
  return {
    users: new Map(userList.map(({ name, permissions }) => [name, { name, permissions: scopes(permissions) }])),
    roles: new Map(roleList.map((role) => [role.name, { ...role, permissions: scopes(role.permissions) }])),
  };
}

const text = JSON.stringify(wantedState(Number(users), Number(roles)));
const { wanted } = parseState([{ file: 'state.json', text }]);
const actual = actualOf(liveAnswers(Number(users), Number(roles)));
globalThis.gc?.();
const begin = performance.now();
const { changes } = plan(wanted, actual, { prune: true, login: 'admin' });
const took = performance.now() - begin;
console.log(JSON.stringify({ milliseconds: took, changes: changes.length }));
