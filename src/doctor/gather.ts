import { defaultVersion } from '../model/kapacitor-versions.js';
import type { MetaClient } from '../meta/api.js';
import { redactHost, redact } from '../meta/redact.js';
import type { DoctorFacts } from '../diagnostics/doctor/facts.js';
import type { KapacitorConfOptions } from '../settings/kapacitor-conf.js';
import type { Settings } from '../settings/settings.js';
import { type DoctorClients, type DoctorContext, createDoctorClients, tryRead } from './context.js';
import { readKapacitor } from './kapacitor.js';
import { configuredFacts, readLookup, readLookupTarget } from './lookup.js';
import { redactFacts, type RedactText } from './redact.js';
import { readAnnounced, readNode } from './node.js';
import { probeRoles } from './probe.js';

export interface GatherOptions {
  readonly kapacitorConf: KapacitorConfOptions;
  /** URL of a running Kapacitor. */
  readonly kapacitor: string | undefined;
  readonly probe: boolean;
}

/** Users, roles and LDAP, from the first node that responds. */
async function readPeople(
  client: MetaClient,
  stop: AbortSignal,
): Promise<Pick<DoctorFacts, 'users' | 'roles' | 'ldap'>> {
  const [users, roles, ldap] = await Promise.all([
    tryRead(stop, () => client.users({ signal: stop })),
    tryRead(stop, () => client.roles({ signal: stop })),
    tryRead(stop, async () => (await client.ldapConfig({ signal: stop })).enabled),
  ]);
  return { users, roles, ldap };
}

async function readNodes(settings: Settings, clients: DoctorClients, doctorContext: DoctorContext) {
  const nodes = await Promise.all(settings.nodes.map((url) => readNode(url, settings, clients, doctorContext)));
  return { nodes, announced: await readAnnounced(nodes, clients, doctorContext) };
}

/** What was sent to servers is masked in what they say: by the clients, and by Kapacitor's lookup. */
function createRedactor(clients: DoctorClients, sent: readonly string[]): RedactText {
  return (text, where) => (where === 'host' ? redactHost : redact)(clients.mask(text, where), sent);
}

/**
 * Everything that `doctor` evaluates, read concurrently, each request sent once. Only `probe` writes; it runs first, so
 * that the reads show what it left.
 */
export async function gatherFacts(
  options: GatherOptions,
  settings: Settings,
  doctorContext: DoctorContext,
): Promise<DoctorFacts> {
  const { context } = doctorContext;
  const { credentials, tls, tlsFiles, nodes } = settings;
  const target = await readLookupTarget(options.kapacitorConf, context, settings);
  const clients = createDoctorClients(settings, doctorContext);
  const sent = new Set<string>();
  try {
    const probe = options.probe ? await probeRoles(await clients.leading(), doctorContext) : undefined;
    const at = context.clock.now();
    const client = await clients.open(nodes);
    const [cluster, people, lookup, kapacitor] = await Promise.all([
      readNodes(settings, clients, doctorContext),
      readPeople(client, context.stop),
      readLookup(target, settings, doctorContext, sent),
      options.kapacitor === undefined ? undefined : readKapacitor(options.kapacitor, settings, doctorContext),
    ]);
    const username = credentials.kind === 'none' ? '' : credentials.username;
    const facts: DoctorFacts = {
      at,
      account: { kind: credentials.kind, username },
      verifies: tls.insecureSkipVerify !== true,
      ca: tlsFiles.ca,
      ...cluster,
      ...people,
      rememberedRoles: settings.rolesInUserRecords,
      lookup,
      configured: configuredFacts(target),
      assumedVersion: options.kapacitorConf.version ?? defaultVersion,
      kapacitor,
      probe,
    };
    return redactFacts(facts, createRedactor(clients, [...sent]));
  } finally {
    await clients.close();
  }
}
