import { passwordFits } from './authenticate.js';
import { holds } from '../model/effective-permissions.js';
import { Secret } from '../model/secret.js';
import type { Exchange } from './exchange.js';
import type { Asking } from './drive.js';
import { done, errorReply, jsonReply, type Reply } from './reply.js';

export function getStatus({ node }: Exchange): Reply {
  const { self, leader, members } = node.membership();
  return jsonReply({
    nodeType: 'meta',
    leader: leader?.raftAddr ?? '',
    httpAddr: self.httpAddr,
    raftAddr: self.raftAddr,
    peers: members.map((member) => member.raftAddr),
  });
}

export function getShowCluster({ node, options }: Exchange): Reply {
  const meta = node.membership().members.map((member) => ({
    id: member.id,
    addr: member.httpAddr,
    httpScheme: member.scheme,
    tcpAddr: member.raftAddr,
    version: options.version,
  }));
  return jsonReply({ data: [], meta });
}

export function getLdapConfig({ options }: Exchange): Reply {
  return jsonReply({ structured: { enabled: options.ldap } });
}

/** Whether a name, password and right belong together: 200 or 401. `NoPermissions` asks for the password alone. */
export function* getAuthorized({ node, options, query }: Exchange): Asking<Reply> {
  const name = query.get('name') ?? '';
  const password = new Secret(query.get('password') ?? '');
  const permission = query.get('permission') ?? '';
  const user = node.state().users.get(name);
  const known = options.passwords?.get(name);
  const fits =
    user !== undefined &&
    (options.passwords === undefined
      ? yield* passwordFits(user, password, options.memory)
      : known !== undefined && known.reveal() === password.reveal());
  const holder = permission === '' || permission === 'NoPermissions';
  const allowed = fits && (holder || holds(user.permissions, permission, query.get('resource') ?? ''));
  return allowed ? done : errorReply(401, 'authorization failed');
}
