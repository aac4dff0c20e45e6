import type { MetaClient } from '../meta/api.js';
import type { Status } from '../output/progress.js';

function named(nodes: readonly string[]): string {
  const [first = 'the meta node', ...others] = nodes;
  return others.length === 0 ? first : `one of ${nodes.length} meta nodes`;
}

/** The same client, whose calls tell on the terminal that they are waited for. */
export function tellingWaits(client: MetaClient, status: Status): MetaClient {
  const what = `waiting for ${named(client.nodes)}`;
  const told =
    <A extends readonly unknown[], T>(call: (...args: A) => Promise<T>) =>
    (...args: A): Promise<T> =>
      status.during(what, () => call(...args));
  return {
    nodes: client.nodes,
    users: told(client.users),
    roles: told(client.roles),
    writeUser: told(client.writeUser),
    writeRole: told(client.writeRole),
    ping: told(client.ping),
    status: told(client.status),
    showCluster: told(client.showCluster),
    authorized: told(client.authorized),
    ldapConfig: told(client.ldapConfig),
    get: told(client.get),
    mask: client.mask,
    close: () => client.close(),
  };
}
