// The pure plan alone, in a process of its own: `node pure-plan.mjs PLAN USERS ROLES`; prints its milliseconds.
import { liveRole, liveUser, roleName, userName, wantedRole, wantedUser } from './large.mjs';

const [, , planModule, users, roles] = process.argv;
const { planChanges: plan } = await import(planModule);

function scopes(permissions) {
  return new Map(Object.entries(permissions));
}

/** What the files say, as the parser gives it. */
function wantedOf(users, roles) {
  const wanted = { users: new Map(), roles: new Map() };
  for (let i = 0; i < users; i++) {
    const { permissions, roles: of } = wantedUser(i, roles);
    const user = {
      name: userName(i),
      file: 'f',
      password: { from: 'env', name: 'P' },
      permissions: scopes(permissions),
    };
    wanted.users.set(user.name, { ...user, roles: of });
  }
  for (let i = 0; i < roles; i++) {
    const role = { name: roleName(i), file: 'f', permissions: scopes(wantedRole(i).permissions), members: [] };
    wanted.roles.set(role.name, role);
  }
  const none = new Set();
  const options = { manage: 'listed', managedBy: 'f', materializeRoles: false, absentUsers: none, absentRoles: none };
  return { ...wanted, options };
}

/** The cluster, as the client gives it. */
function actualOf(users, roles) {
  const actual = { users: new Map(), roles: new Map() };
  for (let i = 0; i < users; i++) {
    const user = liveUser(i);
    if (user !== undefined) actual.users.set(user.name, { ...user, permissions: scopes(user.permissions) });
  }
  for (let i = 0; i < roles; i++) {
    const role = liveRole(i, users, roles);
    actual.roles.set(role.name, { ...role, permissions: scopes(role.permissions) });
  }
  return actual;
}

const wanted = wantedOf(Number(users), Number(roles));
const actual = actualOf(Number(users), Number(roles));
const begin = performance.now();
const { changes } = plan(wanted, actual, { prune: true, login: 'admin' });
const took = performance.now() - begin;
console.log(JSON.stringify({ milliseconds: took, changes: changes.length }));
