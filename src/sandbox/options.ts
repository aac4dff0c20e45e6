import { Secret } from '../model/secret.js';
import type { TlsOptions } from './tls.js';
import type { Seed, SeedAccount } from './seed-and-data-files.js';
import type { MetaSide } from './kapacitor/configuration.js';
import type { ListenerGuard } from './listener.js';
import type { FaultPlan } from './faults.js';

/** The options of a sandbox; the default is one node at 127.0.0.1:8091 with admin/changeit. */
export interface SandboxOptions {
  /** Of the first node, the others follow; 0 takes free ones. */
  readonly port?: number;
  readonly nodes?: number;
  /** Authentication; on unless false. */
  readonly auth?: boolean;
  /** The account with every permission; null: none, so the cluster may have no user at all. */
  readonly admin?: SeedAccount | null;
  readonly seed?: Seed;
  /** Where the state is kept; a file that exists comes before the seed. */
  readonly dataFile?: string;
  readonly bcryptCost?: number;
  readonly tls?: TlsOptions;
  readonly ldap?: boolean;
  readonly mergeRolePermissions?: boolean;
  readonly createTakesAll?: boolean;
  /** Signs bearer tokens that name a user. */
  readonly sharedSecret?: Secret;
  /** Signs bearer tokens with an empty user name, as Kapacitor sends them. */
  readonly internalSharedSecret?: Secret;
  readonly faults?: { readonly plan: FaultPlan; readonly seed: number };
  /** Read lag of followers, ms. */
  readonly lag?: number;
  /** A new leader each so many ms. */
  readonly electEvery?: number;
  /** The leader dies each so many ms, and the one that died before lives again. */
  readonly killEvery?: number;
  /** How long a lost leader is missed, ms. */
  readonly electionTime?: number;
  /** Takes passwords over 72 bytes, of which bcrypt uses the first 72; the open meta server refuses them. */
  readonly longPasswords?: boolean;
  /** Asks for credentials on `/ping` too, as the open meta server does once authentication is on. */
  readonly pingAuth?: boolean;
  /** The host name in redirects to the leader. */
  readonly leaderName?: string;
}

/** A Kapacitor beside the sandbox's meta nodes. */
export interface RunningKapacitor {
  readonly url: string;
  close(): Promise<void>;
}

export type StartKapacitor = (meta: MetaSide, guard: ListenerGuard) => Promise<RunningKapacitor>;

export interface Sandbox {
  /** Of each node, such as `http://127.0.0.1:8091`. */
  readonly urls: readonly string[];
  readonly kapacitorUrl: string | null;
  /** The account with every permission. */
  readonly username: string | null;
  /** PEM files; present with TLS, removed at the end. */
  readonly caPath: string | undefined;
  readonly clientCertPath: string | undefined;
  readonly clientKeyPath: string | undefined;
  /** The number of the leading node, from 0. */
  leader(): number | undefined;
  /** Ends a node as a crash does: connections break, its port refuses. */
  kill(i: number): Promise<void>;
  revive(i: number): Promise<void>;
  /** Makes node `i` or the next living one the leader; false where that cannot be. */
  elect(i?: number): boolean;
  noLeader(ms: number): void;
  close(): Promise<void>;
}

export const defaultAdmin: SeedAccount = { username: 'admin', password: new Secret('changeit') };
