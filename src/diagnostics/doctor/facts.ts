import type { ErrorKind } from '../../errors.js';
import type { KapacitorVersion } from '../../model/kapacitor-versions.js';
import type { Role, RolesInUserRecords, User } from '../../model/user.js';
import type { CauseId } from '../login/explanation.js';
import type { Finding, FindingId, FindingLocation, Fix } from '../finding.js';
import type { OpenQuestionId } from '../../model/open-questions.js';

/** Why something could not be read; `why` is fit for a terminal. */
export interface ReadFailure {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly why: string;
  readonly hint: string | undefined;
}

/** What was read, or why it was not. */
export type ReadResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: ReadFailure };

/** Texts of servers and certificates are raw: not yet fit for a terminal. */
export interface PingFacts {
  readonly version: string | undefined;
  /** Milliseconds by which the server's clock is ahead; undefined without a Date header. */
  readonly ahead: number | undefined;
  /** Header lines of a proxy. */
  readonly proxies: readonly string[];
}

interface StatusFacts {
  /** The raft address of the leader; `""` without a leader. */
  readonly leader: string;
  readonly raftAddr: string;
  readonly httpAddr: string;
}

/** A meta node as the cluster names it. */
export interface MemberFacts {
  /** Its origin, undefined where its address makes none. */
  readonly url: string | undefined;
  readonly addr: string;
  readonly raftAddr: string;
  readonly version: string;
}

export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** The alternative names. */
  readonly names: readonly string[];
  /** Its own times and those of the certificates above it; milliseconds since 1970. */
  readonly chain: readonly { readonly subject: string; readonly from: number; readonly to: number }[];
  /** Why it is not trusted, as the TLS library says it; undefined where it is. Times do not count. */
  readonly untrusted: string | undefined;
  /** Whether it is issued to the requested host. */
  readonly fits: boolean;
}

/** A meta node under the URL that the user gave. */
export interface NodeFacts {
  readonly url: string;
  /** The proxy that requests to it go through. */
  readonly proxy: string | undefined;
  readonly ping: ReadResult<PingFacts>;
  readonly status: ReadResult<StatusFacts>;
  readonly members: ReadResult<readonly MemberFacts[]>;
  /** The response to GET /user without credentials: everything, a refusal, or a request for a first admin. */
  readonly anonymous: ReadResult<'open' | 'closed' | 'no-users'>;
  /** Undefined for plain HTTP, behind a proxy, and if the handshake failed. */
  readonly certificate: CertificateFacts | undefined;
}

/** A URL that the cluster announces for a node and that the user did not name. */
export interface AnnouncedFacts {
  readonly url: string;
  readonly ping: ReadResult<PingFacts>;
}

/** By what Kapacitor shows itself to the meta node. */
export type KapacitorAccount = { readonly kind: 'none' | 'secret' } | { readonly kind: 'user'; readonly name: string };

/** Kapacitor's own lookup of a user, as its configuration at hand makes it. */
export type LookupFacts =
  | { readonly is: 'unknown'; readonly why: string }
  | { readonly is: 'does-not-start'; readonly conf: string | undefined; readonly message: string }
  | {
      readonly is: 'asked';
      /** Its kapacitor.conf; undefined where variables are all that there is. */
      readonly conf: string | undefined;
      /** Where its variables come from, and those that decide keys of [auth], by key. */
      readonly environment: string;
      readonly variables: ReadonlyMap<string, string>;
      readonly metaAddr: string;
      readonly useTls: boolean;
      readonly account: KapacitorAccount;
      /** The engine's reading of the response; undefined if the lookup works. */
      readonly fault: { readonly cause: CauseId; readonly why: string; readonly fixes: readonly Fix[] } | undefined;
    };

/** What a Kapacitor does that runs the configuration at hand. */
export interface ConfiguredFacts {
  /** The file and where its variables come from. */
  readonly from: string;
  readonly authEnabled: boolean;
  readonly noauth: boolean;
  readonly emptySecret: boolean;
  readonly pprof: boolean;
}

/** A running Kapacitor, seen from outside. */
export interface KapacitorFacts {
  readonly url: string;
  readonly certificate: CertificateFacts | undefined;
  /** Its version; undefined if the response is not from Kapacitor. */
  readonly version: ReadResult<string | undefined>;
  /** The status of GET /kapacitor/v1/tasks without credentials. */
  readonly anonymous: ReadResult<number>;
  readonly noauth: ReadResult<boolean>;
  readonly emptySecret: ReadResult<boolean>;
  readonly pprof: ReadResult<boolean>;
}

/** What `--probe` did. */
export interface ProbeFacts {
  /** Whether the user record of a temporary member had the permission that its role was read back with. */
  readonly shown: ReadResult<boolean>;
  /** What earlier runs left behind and this one removed. */
  readonly removed: readonly string[];
  /** What of its own it could not remove. */
  readonly left: readonly string[];
}

export interface DoctorFacts {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly account: { readonly kind: 'none' | 'basic' | 'bearer'; readonly username: string };
  readonly verifies: boolean;
  readonly ca: string | undefined;
  readonly nodes: readonly NodeFacts[];
  readonly announced: readonly AnnouncedFacts[];
  readonly users: ReadResult<readonly User[]>;
  readonly roles: ReadResult<readonly Role[]>;
  readonly ldap: ReadResult<boolean>;
  /** What an earlier `--probe` found out about this cluster, as the profile remembers it. */
  readonly rememberedRoles: RolesInUserRecords;
  readonly lookup: LookupFacts;
  /** Undefined where no configuration is at hand with which Kapacitor starts. */
  readonly configured: ConfiguredFacts | undefined;
  /** The Kapacitor version for predictions: from flag, environment or profile, else the default. */
  readonly assumedVersion: KapacitorVersion;
  /** Undefined if none was requested. */
  readonly kapacitor: KapacitorFacts | undefined;
  readonly probe: ProbeFacts | undefined;
}

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

/** One response of the cluster, without values. */
export interface RecordedResponse {
  /** What was sent, such as `POST /user create with hash`. */
  readonly request: string;
  readonly status: number;
  /** Undefined for an empty body; `text` for one that is not JSON. */
  readonly body?: Shape;
  /** The error that it names. */
  readonly error?: string;
}

export type ConformanceFacts = Readonly<Record<string, string | number | boolean>>;

/** What a probe found out. */
export interface ConformanceAnswer {
  readonly facts: ConformanceFacts;
  /** Why nothing, or not all, is known. */
  readonly unknown?: string;
  readonly responses: readonly RecordedResponse[];
}

/** What a cluster does where the documentation is silent: no names, hosts or secrets. */
export interface ConformanceReport {
  readonly version: 1;
  readonly kapadmin: string;
  /** The version that the meta nodes report. */
  readonly product: string | null;
  /** How many meta nodes the connection names. */
  readonly nodes: number;
  /** Whether users come from LDAP; null where that cannot be read. */
  readonly ldap: boolean | null;
  readonly answers: Readonly<Partial<Record<OpenQuestionId, ConformanceAnswer>>>;
}

/** What a JSON value looks like without its values: types, and the names of fields. */
export type Shape = string | readonly Shape[] | { readonly [field: string]: Shape };
