import type { EffectiveConfig } from '../config/facts.js';
import type { ReadResult, LookupFacts, DoctorFacts } from './facts.js';
import type { User } from '../../model/user.js';
import { hashKind } from './checks/users-and-roles.js';
import type { DoctorReport } from './diagnose.js';

/** What a support bundle contains besides facts and findings. */
interface BundleContext {
  readonly kapadmin: string;
  readonly connection: unknown;
  /** Kapacitor's configuration, redacted; undefined if there is none. */
  readonly kapacitor: EffectiveConfig | undefined;
}

function resultJson<T>(read: ReadResult<T>, show: (value: T) => unknown = (value) => value): unknown {
  return read.ok ? show(read.value) : { failed: read.failure };
}

/** A document without its hash: only what kind of hash it is. */
function userJson(user: User): unknown {
  return { name: user.name, hash: hashKind(user), permissions: Object.fromEntries(user.permissions) };
}

function lookupJson(lookup: LookupFacts): unknown {
  if (lookup.is !== 'asked') return lookup;
  return { ...lookup, variables: Object.fromEntries(lookup.variables), fault: lookup.fault ?? null };
}

function factsJson(facts: DoctorFacts): unknown {
  const { nodes, announced, users, roles, ldap, lookup, kapacitor, probe } = facts;
  return {
    nodes: nodes.map(({ url, proxy, ping, status, members, anonymous, certificate }) => ({
      url,
      proxy: proxy ?? null,
      ping: resultJson(ping),
      status: resultJson(status),
      members: resultJson(members),
      anonymous: resultJson(anonymous),
      certificate: certificate ?? null,
    })),
    announced: announced.map(({ url, ping }) => ({ url, ping: resultJson(ping) })),
    users: resultJson(users, (all) => all.map(userJson)),
    roles: resultJson(roles, (all) =>
      all.map(({ name, permissions, users: members }) => ({
        name,
        permissions: Object.fromEntries(permissions),
        users: members,
      })),
    ),
    ldap: resultJson(ldap),
    lookup: lookupJson(lookup),
    kapacitor: kapacitor ?? null,
    probe: probe ?? null,
  };
}

/** A support bundle: everything that was seen and found, and no secret. */
export function createBundle(report: DoctorReport, facts: DoctorFacts, about: BundleContext): unknown {
  return {
    kapadmin: about.kapadmin,
    at: new Date(facts.at).toISOString(),
    connection: about.connection,
    kapacitor: about.kapacitor ?? null,
    findings: report.findings.map((one) => ({ ...one, place: one.place ?? null })),
    ok: report.ok,
    unknown: report.unknown,
    facts: factsJson(facts),
  };
}
