import { defaultVersion } from '../model/kapacitor-versions.js';
import type { MetaClient } from '../meta/client-types.js';
import { redact, redactHost } from '../meta/redact.js';
import type {
  AnnouncedFacts,
  CertificateFacts,
  DoctorFacts,
  KapacitorFacts,
  LookupFacts,
  MemberFacts,
  NodeFacts,
  PingFacts,
  ReadResult,
} from '../diagnostics/doctor/facts.js';
import type { KapacitorConfOptions } from '../settings/locate-kapacitor-conf.js';
import type { Settings } from '../settings/settings.js';
import {
  createDoctorClients,
  type DoctorClients,
  type DoctorContext,
  readAnnounced,
  readNode,
  tryRead,
} from './nodes.js';
import { configuredFacts, readKapacitor, readLookup, readLookupTarget } from './kapacitor.js';
import { probeRoles } from './probe-role-copy.js';
import { isPermission, type Permissions } from '../model/permissions.js';

interface GatherOptions {
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
  for (const warning of 'why' in target ? [] : target.warnings) doctorContext.logger.warn(warning);
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

/** A text of a server without secrets; `host`: an origin or a host. */
type RedactText = (text: string, where?: 'host') => string;

function redactRead<T>(read: ReadResult<T>, mask: RedactText, value: (value: T) => T): ReadResult<T> {
  if (read.ok) return { ok: true, value: value(read.value) };
  const { failure } = read;
  const hint = failure.hint === undefined ? undefined : mask(failure.hint, 'host');
  return { ok: false, failure: { ...failure, why: mask(failure.why, 'host'), hint } };
}

function redactPing(ping: ReadResult<PingFacts>, mask: RedactText): ReadResult<PingFacts> {
  return redactRead(ping, mask, ({ version, ahead, proxies }) => {
    return {
      version: version === undefined ? undefined : mask(version),
      ahead,
      proxies: proxies.map((one) => mask(one)),
    };
  });
}

function redactMember({ url, addr, raftAddr, version }: MemberFacts, mask: RedactText): MemberFacts {
  return {
    url: url === undefined ? undefined : mask(url, 'host'),
    addr: mask(addr, 'host'),
    raftAddr: mask(raftAddr),
    version: mask(version),
  };
}

function redactCertificate(one: CertificateFacts | undefined, mask: RedactText): CertificateFacts | undefined {
  if (one === undefined) return undefined;
  return {
    ...one,
    subject: mask(one.subject),
    issuer: mask(one.issuer),
    names: one.names.map((name) => mask(name)),
    chain: one.chain.map((link) => ({ ...link, subject: mask(link.subject) })),
  };
}

function redactNode(node: NodeFacts, mask: RedactText): NodeFacts {
  return {
    ...node,
    ping: redactPing(node.ping, mask),
    status: redactRead(node.status, mask, ({ leader, raftAddr, httpAddr }) => {
      return { leader: mask(leader), raftAddr: mask(raftAddr), httpAddr: mask(httpAddr) };
    }),
    members: redactRead(node.members, mask, (all) => all.map((one) => redactMember(one, mask))),
    anonymous: redactRead(node.anonymous, mask, (value) => value),
    certificate: redactCertificate(node.certificate, mask),
  };
}

function redactAnnounced({ url, ping }: AnnouncedFacts, mask: RedactText): AnnouncedFacts {
  return { url: mask(url, 'host'), ping: redactPing(ping, mask) };
}

/** Known InfluxDB permission names decide findings and cannot be echoed secrets. */
function redactPermissions(permissions: Permissions, mask: RedactText): Permissions {
  return new Map(
    [...permissions].map(([database, names]) => [
      mask(database),
      names.map((name) => (isPermission(name) ? name : mask(name))),
    ]),
  );
}

function redactKapacitor(facts: KapacitorFacts | undefined, mask: RedactText): KapacitorFacts | undefined {
  if (facts === undefined) return undefined;
  const { certificate, version } = facts;
  return {
    ...facts,
    certificate: redactCertificate(certificate, mask),
    version: redactRead(version, mask, (text) => (text === undefined ? undefined : mask(text))),
  };
}

function redactLookup(facts: LookupFacts, mask: RedactText): LookupFacts {
  if (facts.is !== 'asked' || facts.fault === undefined) return facts;
  return { ...facts, fault: { ...facts.fault, why: mask(facts.fault.why, 'host') } };
}

/** The facts with every text of a server masked: a node may repeat the credentials that it was sent in any of them. */
function redactFacts(facts: DoctorFacts, mask: RedactText): DoctorFacts {
  const { nodes, announced, users, roles, ldap, lookup, kapacitor, probe } = facts;
  return {
    ...facts,
    nodes: nodes.map((one) => redactNode(one, mask)),
    announced: announced.map((one) => redactAnnounced(one, mask)),
    users: redactRead(users, mask, (all) =>
      all.map((user) => ({ ...user, name: mask(user.name), permissions: redactPermissions(user.permissions, mask) })),
    ),
    roles: redactRead(roles, mask, (all) =>
      all.map(({ name, permissions, users: members }) => {
        const masked = redactPermissions(permissions, mask);
        return { name: mask(name), permissions: masked, users: members.map((member) => mask(member)) };
      }),
    ),
    ldap: redactRead(ldap, mask, (value) => value),
    lookup: redactLookup(lookup, mask),
    kapacitor: redactKapacitor(kapacitor, mask),
    probe: probe && { ...probe, shown: redactRead(probe.shown, mask, (value) => value) },
  };
}
