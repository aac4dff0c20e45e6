import { type FindingsReport, getRule, sortBySeverity } from '../finding.js';
import { accountCheck, anonymousCheck, ldapCheck, lookupCheck } from './checks/meta-accounts.js';
import { clockCheck, leaderCheck, nodeCheck, transportCheck } from './checks/nodes.js';
import { certificateCheck } from './checks/certificates.js';
import type { DoctorCheck, DoctorFacts, LookupFacts, ReadResult } from './facts.js';
import { kapacitorCheck } from './checks/kapacitor.js';
import { hashKind, probeCheck, roleCheck, roleCopyCheck, userCheck } from './checks/users-and-roles.js';
import type { EffectiveConfig } from '../config/facts.js';
import type { User } from '../../model/user.js';

/** Everything that `doctor` looks at, in the order of the report. */
export const doctorChecks: readonly DoctorCheck[] = [
  nodeCheck,
  leaderCheck,
  transportCheck,
  certificateCheck,
  clockCheck,
  anonymousCheck,
  accountCheck,
  ldapCheck,
  userCheck,
  roleCheck,
  roleCopyCheck,
  probeCheck,
  lookupCheck,
  kapacitorCheck,
];

export interface DoctorReport extends FindingsReport {
  /** What is well, one line each, fit for a terminal. */
  readonly ok: readonly string[];
  /** What could not be looked at: the rules of `unchecked`, by what they are about. */
  readonly unknown: readonly { readonly what: string; readonly why: string }[];
}

/** What the facts mean: findings, what is well, and what is not known. */
export function diagnose(facts: DoctorFacts): DoctorReport {
  const results = doctorChecks.map((check) => ({ check, ...check.run(facts) }));
  const findings = sortBySeverity(results.flatMap((one) => one.findings));
  const found = new Set<string>(findings.map(({ id }) => id));
  const unchecked = results
    .flatMap(({ unknown: open = [] }) => open.flatMap(({ ids, why }) => ids.map((id) => ({ rule: getRule(id), why }))))
    .filter(({ rule }) => !found.has(rule.id));
  const unknown = new Set(unchecked.map(({ rule }) => rule.id));
  return {
    foundBy: 'doctor',
    subjects: [
      ...facts.nodes.map(({ url }) => ({ what: 'meta node', name: url })),
      ...(facts.lookup.is === 'unknown' || facts.lookup.conf === undefined
        ? []
        : [{ what: 'kapacitor.conf', name: facts.lookup.conf }]),
      ...(facts.kapacitor === undefined ? [] : [{ what: 'Kapacitor', name: facts.kapacitor.url }]),
    ],
    findings,
    checked: doctorChecks
      .flatMap(({ ids }) => ids)
      .filter((id) => !unknown.has(id))
      .map(getRule),
    unchecked,
    ok: results.flatMap(({ ok: okText }) => (okText === undefined ? [] : [okText])),
    unknown: results.flatMap(({ check, unknown: open = [] }) => open.map(({ why }) => ({ what: check.what, why }))),
  };
}

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
