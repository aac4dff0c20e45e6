import type { Permissions } from '../model/user.js';
import { isPermission } from '../model/permissions.js';
import type {
  AnnouncedFacts,
  CertificateFacts,
  DoctorFacts,
  KapacitorFacts,
  LookupFacts,
  MemberFacts,
  NodeFacts,
  PingFacts,
  Read,
} from '../diagnostics/doctor/facts.js';

/** A text of a server without secrets; `host`: an origin or a host. */
export type MaskText = (text: string, where?: 'host') => string;

function maskRead<T>(read: Read<T>, mask: MaskText, value: (value: T) => T): Read<T> {
  if (read.ok) return { ok: true, value: value(read.value) };
  const { failure } = read;
  const hint = failure.hint === undefined ? undefined : mask(failure.hint, 'host');
  return { ok: false, failure: { ...failure, why: mask(failure.why, 'host'), hint } };
}

function maskPing(ping: Read<PingFacts>, mask: MaskText): Read<PingFacts> {
  return maskRead(ping, mask, ({ version, ahead, proxies }) => {
    return {
      version: version === undefined ? undefined : mask(version),
      ahead,
      proxies: proxies.map((one) => mask(one)),
    };
  });
}

function maskMember({ url, addr, raftAddr, version }: MemberFacts, mask: MaskText): MemberFacts {
  return {
    url: url === undefined ? undefined : mask(url, 'host'),
    addr: mask(addr, 'host'),
    raftAddr: mask(raftAddr),
    version: mask(version),
  };
}

function maskCertificate(one: CertificateFacts | undefined, mask: MaskText): CertificateFacts | undefined {
  if (one === undefined) return undefined;
  return {
    ...one,
    subject: mask(one.subject),
    issuer: mask(one.issuer),
    names: one.names.map((name) => mask(name)),
    chain: one.chain.map((link) => ({ ...link, subject: mask(link.subject) })),
  };
}

function maskNode(node: NodeFacts, mask: MaskText): NodeFacts {
  return {
    ...node,
    ping: maskPing(node.ping, mask),
    status: maskRead(node.status, mask, ({ leader, raftAddr, httpAddr }) => {
      return { leader: mask(leader), raftAddr: mask(raftAddr), httpAddr: mask(httpAddr) };
    }),
    members: maskRead(node.members, mask, (all) => all.map((one) => maskMember(one, mask))),
    anonymous: maskRead(node.anonymous, mask, (value) => value),
    certificate: maskCertificate(node.certificate, mask),
  };
}

function maskAnnounced({ url, ping }: AnnouncedFacts, mask: MaskText): AnnouncedFacts {
  return { url: mask(url, 'host'), ping: maskPing(ping, mask) };
}

/** The names of permissions that InfluxDB knows decide findings, and are no echo. */
function maskPermissions(permissions: Permissions, mask: MaskText): Permissions {
  return new Map(
    [...permissions].map(([database, names]) => [
      mask(database),
      names.map((name) => (isPermission(name) ? name : mask(name))),
    ]),
  );
}

function maskKapacitor(facts: KapacitorFacts | undefined, mask: MaskText): KapacitorFacts | undefined {
  if (facts === undefined) return undefined;
  const { certificate, version } = facts;
  return {
    ...facts,
    certificate: maskCertificate(certificate, mask),
    version: maskRead(version, mask, (text) => (text === undefined ? undefined : mask(text))),
  };
}

function maskLookup(facts: LookupFacts, mask: MaskText): LookupFacts {
  if (facts.is !== 'asked' || facts.fault === undefined) return facts;
  return { ...facts, fault: { ...facts.fault, why: mask(facts.fault.why, 'host') } };
}

/** The facts with every text of a server masked: a node may repeat the credentials that it was sent in any of them. */
export function maskFacts(facts: DoctorFacts, mask: MaskText): DoctorFacts {
  const { nodes, announced, users, roles, ldap, lookup, kapacitor, probe } = facts;
  return {
    ...facts,
    nodes: nodes.map((one) => maskNode(one, mask)),
    announced: announced.map((one) => maskAnnounced(one, mask)),
    users: maskRead(users, mask, (all) =>
      all.map((user) => ({ ...user, name: mask(user.name), permissions: maskPermissions(user.permissions, mask) })),
    ),
    roles: maskRead(roles, mask, (all) =>
      all.map(({ name, permissions, users: members }) => {
        const masked = maskPermissions(permissions, mask);
        return { name: mask(name), permissions: masked, users: members.map((member) => mask(member)) };
      }),
    ),
    ldap: maskRead(ldap, mask, (value) => value),
    lookup: maskLookup(lookup, mask),
    kapacitor: maskKapacitor(kapacitor, mask),
    probe: probe && { ...probe, shown: maskRead(probe.shown, mask, (value) => value) },
  };
}
