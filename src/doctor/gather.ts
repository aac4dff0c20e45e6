import type { MetaClient } from '../meta/api.js';
import type { DoctorFacts } from '../report/doctor/facts.js';
import type { KapacitorOptions } from '../settings/kapacitor.js';
import type { Settings } from '../settings/settings.js';
import { makeClients, type Clients } from './clients.js';
import { readKapacitor } from './kapacitor.js';
import { readLookup, readLookupTarget } from './lookup.js';
import { readAnnounced, readNode } from './node.js';
import { probeRoles } from './probe.js';
import { reading, type Looking } from './read.js';

export interface GatherOptions {
  readonly kapacitorConf: KapacitorOptions;
  /** URL of a running Kapacitor. */
  readonly kapacitor: string | undefined;
  readonly probe: boolean;
}

/** Users, roles and LDAP, from the first node that answers. */
async function readPeople(
  client: MetaClient,
  stop: AbortSignal,
): Promise<Pick<DoctorFacts, 'users' | 'roles' | 'ldap'>> {
  const [users, roles, ldap] = await Promise.all([
    reading(stop, () => client.users({ signal: stop })),
    reading(stop, () => client.roles({ signal: stop })),
    reading(stop, async () => (await client.ldapConfig({ signal: stop })).enabled),
  ]);
  return { users, roles, ldap };
}

async function readNodes(settings: Settings, clients: Clients, looking: Looking) {
  const nodes = await Promise.all(settings.nodes.map((url) => readNode(url, settings, clients, looking)));
  return { nodes, announced: await readAnnounced(nodes, clients, looking) };
}

/**
 * Everything that `doctor` goes by, read at the same time, each question sent once. Nothing is written but for `probe`,
 * which comes first, so that the reads show what is left of it.
 */
export async function gatherFacts(options: GatherOptions, settings: Settings, looking: Looking): Promise<DoctorFacts> {
  const { context } = looking;
  const { credentials, tls, tlsFiles, nodes } = settings;
  const target = await readLookupTarget(options.kapacitorConf, context, settings);
  const clients = makeClients(settings, looking);
  try {
    const probe = options.probe ? await probeRoles(await clients.leading(), looking) : undefined;
    const at = context.clock.now();
    const client = await clients.open(nodes);
    const [cluster, people, lookup, kapacitor] = await Promise.all([
      readNodes(settings, clients, looking),
      readPeople(client, context.stop),
      readLookup(target, settings, looking),
      options.kapacitor === undefined ? undefined : readKapacitor(options.kapacitor, settings, looking),
    ]);
    const username = credentials.kind === 'none' ? '' : credentials.username;
    return {
      at,
      account: { kind: credentials.kind, username },
      verifies: tls.insecureSkipVerify !== true,
      ca: tlsFiles.ca,
      ...cluster,
      ...people,
      rememberedRoles: settings.rolesInUserRecords,
      lookup,
      kapacitor,
      probe,
    };
  } finally {
    await clients.close();
  }
}
