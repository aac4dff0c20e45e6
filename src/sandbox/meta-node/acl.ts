import { type AclFields, isAclFields } from '../../model/acl.js';
import { errorReply, jsonReply, noContent, refusalReply, type Reply } from './messages.js';
import { redirectToLeader, type RouteContext } from './node.js';

// Restrictions and grants as documented. Chosen here, since the documentation does not say: the shape of responses, and
// that names of users, roles and databases are not checked.

const aclPath = /^\/influxdb\/v2\/acl\/(restrictions|grants)(?:\/([^/]+))?$/;

function isMatch(value: unknown): boolean {
  return (
    isAclFields(value) && ['exact', 'prefix'].includes(String(value['match'])) && typeof value['value'] === 'string'
  );
}

function isRule(fields: unknown): fields is AclFields {
  if (!isAclFields(fields) || !isMatch(fields['database'])) return false;
  const { measurement, tags = [], permissions } = fields;
  const isKnown = (name: unknown): boolean => name === 'read' || name === 'write';
  return (
    (measurement === undefined || isMatch(measurement)) &&
    Array.isArray(tags) &&
    tags.every((tag) => isMatch(tag) && typeof (tag as AclFields)['key'] === 'string') &&
    Array.isArray(permissions) &&
    permissions.length > 0 &&
    permissions.every(isKnown)
  );
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The route of a request about restrictions or grants; undefined for any other. */
export function findAclRoute(method: string, path: string): ((exchange: RouteContext) => Reply) | undefined {
  const [, kind, id] = aclPath.exec(path) ?? [];
  if (kind === undefined || method !== (id === undefined ? (method === 'GET' ? 'GET' : 'POST') : 'DELETE'))
    return undefined;
  return ({ node, request }) => {
    const { acl, index } = node.state();
    if (method === 'GET') {
      return jsonReply({ [kind]: [...acl].flatMap(([name, entry]) => (name.startsWith(kind) ? [entry] : [])) });
    }
    const away = redirectToLeader(node, path);
    if (away) return away;
    if (id !== undefined) {
      const refused = node.commit({ on: 'acl', action: 'delete', name: `${kind}/${id}` });
      return refused ? refusalReply(refused) : noContent;
    }
    const fields = parse(request.body);
    if (!isRule(fields)) return errorReply(400, `invalid ${kind.slice(0, -1)}`);
    const entry = { id: String(index), ...fields };
    const refused = node.commit({ on: 'acl', action: 'create', name: `${kind}/${index}`, entry });
    return refused ? refusalReply(refused) : { ...jsonReply(entry), status: 201 };
  };
}
