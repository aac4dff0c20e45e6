import type { MetaClient } from '../meta/api.js';
import type { Credentials } from '../meta/options.js';
import { connect } from '../settings/connect.js';
import type { Settings } from '../settings/settings.js';
import type { Looking } from './read.js';

export interface Clients {
  /** A client of these nodes that sends each request once; `credentials` of the connection where none are given. */
  open(nodes: readonly string[], credentials?: Credentials): Promise<MetaClient>;
  /** As the connection says, retries included; reads go to the leader. */
  leading(): Promise<MetaClient>;
  /** A text of a server without the credentials that these clients sent; `host`: an origin or a host. */
  mask(text: string, where?: 'host'): string;
  close(): Promise<void>;
}

/** The clients of one diagnosis: what they send is noted as for every command. */
export function makeClients(settings: Settings, { context, notes, flags }: Looking): Clients {
  const opened: MetaClient[] = [];
  const add = async (given: Settings): Promise<MetaClient> => {
    const client = await connect(given, context, notes, flags);
    opened.push(client);
    return client;
  };
  const limits = { ...settings.limits, retries: 0 };
  return {
    open: (nodes, credentials = settings.credentials) =>
      add({ ...settings, nodes, credentials, limits, readLeader: false }),
    leading: () => add({ ...settings, readLeader: true }),
    mask: (text, where) => opened.reduce((masked, client) => client.mask(masked, where), text),
    close: async () => {
      await Promise.all(opened.splice(0).map((client) => client.close()));
    },
  };
}
