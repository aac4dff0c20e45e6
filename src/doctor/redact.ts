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
  ReadResult,
} from '../diagnostics/doctor/facts.js';

/** A text of a server without secrets; `host`: an origin or a host. */
export type RedactText = (text: string, where?: 'host') => string;

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
export function redactFacts(facts: DoctorFacts, mask: RedactText): DoctorFacts {
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
