import type { Exchange } from './exchange.js';
import { noGrants } from './grants.js';
import { elsewhere } from './leadership.js';
import { done, errorReply, jsonReply, refusalReply, type Reply } from './reply.js';
import type { roleActions, RoleWrite, StoredRole } from './store.js';
import { readRoleBody, type WriteBody } from './write-body.js';

function document(role: StoredRole): object {
  return {
    name: role.name,
    ...(role.permissions.size > 0 ? { permissions: Object.fromEntries(role.permissions) } : {}),
    ...(role.users.size > 0 ? { users: [...role.users] } : {}),
  };
}

export function getRoles({ node, query }: Exchange): Reply {
  const { roles } = node.state();
  const name = query.get('name') ?? '';
  if (name === '') return jsonReply(roles.size === 0 ? {} : { roles: [...roles.values()].map(document) });
  const role = roles.get(name);
  return role === undefined ? errorReply(404, 'role not found') : jsonReply({ roles: [document(role)] });
}

function toWrite(body: WriteBody<(typeof roleActions)[number]>, createTakesAll: boolean): RoleWrite {
  const { action, name, permissions, users } = body;
  if (action === 'create') {
    return createTakesAll
      ? { on: 'role', action, name, permissions, users }
      : { on: 'role', action, name, permissions: noGrants, users: [] };
  }
  if (action === 'delete') return { on: 'role', action, name };
  if (action === 'add-users' || action === 'remove-users') return { on: 'role', action, name, users };
  return { on: 'role', action, name, permissions };
}

export function postRole({ node, options, request }: Exchange): Reply {
  const away = elsewhere(node, '/role');
  if (away) return away;
  const body = readRoleBody(request.body);
  if ('error' in body) return refusalReply(body);
  const refused = node.commit(toWrite(body, options.createTakesAll));
  return refused ? refusalReply(refused) : done;
}
