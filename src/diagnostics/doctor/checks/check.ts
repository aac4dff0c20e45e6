import type { Finding, FindingLocation } from '../../finding.js';
import type { FindingId } from '../../rules/registry.js';
import type { DoctorFacts, MemberFacts, NodeFacts, ReadResult } from '../facts.js';

/** What a check made of the facts. */
export interface DoctorCheckResult {
  readonly findings: readonly Finding[];
  /** What is well, as one line; undefined where there is nothing to say. */
  readonly ok?: string | undefined;
  /** The findings that could not be looked for, with the reason. */
  readonly unknown?: readonly { readonly ids: readonly FindingId[]; readonly why: string }[];
}

/** One thing to look at, with all that may be found there. */
export interface DoctorCheck {
  /** What it is about, for a sentence. */
  readonly what: string;
  readonly ids: readonly FindingId[];
  run(facts: DoctorFacts): DoctorCheckResult;
}

export function nodeLocation(url: string): FindingLocation {
  return { in: 'node', url };
}

/** A version without the repeated one of the commit: `1.11.8-c1.11.8` is 1.11.8. */
export function shortVersion(version: string): string {
  return version.replace(/-c[\d.]+$/, '');
}

/** Host and port of a URL. */
export function nodeHostAndPort(url: string): string {
  return url.replace(/^https?:\/\//, '');
}

/** The value that was read, or undefined. */
export function valueOrUndefined<T>(read: ReadResult<T>): T | undefined {
  return read.ok ? read.value : undefined;
}

/** All members that any of the nodes names, each once by its raft address. */
export function clusterMembers(nodes: readonly NodeFacts[]): readonly MemberFacts[] {
  const all = nodes.flatMap(({ members }) => valueOrUndefined(members) ?? []);
  return [...new Map(all.map((member) => [member.raftAddr, member])).values()];
}

/** The distinct raft addresses that nodes report as the leader; empty without a leader. */
export function reportedLeaders(nodes: readonly NodeFacts[]): readonly string[] {
  const named = nodes.map(({ status }) => valueOrUndefined(status)?.leader ?? '');
  return [...new Set(named.filter((leader) => leader !== ''))];
}
