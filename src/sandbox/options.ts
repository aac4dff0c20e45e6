import { Secret } from '../model/secret.js';
import type { TlsOptions } from './tls.js';
import type { Seed, SeedAccount } from './seed-and-data-files.js';
import type { MetaSide } from './kapacitor/configuration.js';
import type { ListenerGuard } from './listener.js';
import { createHash } from 'node:crypto';
import { usageError } from '../errors.js';
import { excerpt, nearest, parseDurationMs } from '../model/text.js';

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

/** The rate of each fault, as a share of the requests; `delay` in ms, before every response. */
export interface FaultPlan {
  readonly reset: number;
  readonly unavailable: number;
  readonly truncate: number;
  readonly garbage: number;
  readonly delay: number;
}

/** What happens to one request. The last three come after a write was applied. */
export type InjectedFault = 'reset-before' | 'unavailable' | 'reset-after' | 'truncate' | 'garbage';

const shares = new Map<string, 'reset' | 'unavailable' | 'truncate' | 'garbage'>([
  ['reset', 'reset'],
  ['503', 'unavailable'],
  ['truncate', 'truncate'],
  ['garbage', 'garbage'],
]);
const names = [...shares.keys(), 'delay'];

function share(name: string, text: string): number {
  const value = /^(0|1|0?\.\d+|1\.0+)$/.test(text) ? Number(text) : NaN;
  if (Number.isNaN(value))
    throw usageError('bad-fault', `fault ${name}: "${excerpt(text, 20)}" is not a number from 0 to 1`);
  return value;
}

/** Reads `reset=0.1,503=0.1,delay=200ms,truncate=0.05,garbage=0.01`. */
export function parseFaults(text: string): FaultPlan {
  const faults = { reset: 0, unavailable: 0, truncate: 0, garbage: 0, delay: 0 };
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.trim().split('=', 2);
    const key = shares.get(name);
    if (key !== undefined) faults[key] = share(name, value);
    else if (name === 'delay') faults.delay = parseDurationMs(value, 'fault delay');
    else {
      const near = nearest(name, names);
      const hint = near === undefined ? `Known: ${names.join(', ')}` : `Did you mean "${near}"?`;
      throw usageError('bad-fault', `unknown fault "${excerpt(name, 20)}"`, hint);
    }
  }
  const sum = faults.reset + faults.unavailable + faults.truncate + faults.garbage;
  if (sum > 1) throw usageError('bad-fault', `the fault rates add up to ${sum}; the maximum is 1`);
  return faults;
}

/** Two numbers in [0, 1) for the n-th request: the same for the same seed, whatever came before. */
export function seededRandom(seed: number, n: number): readonly [number, number] {
  const digest = createHash('sha256').update(`${seed}:${n}`).digest();
  return [digest.readUInt32LE(0) / 2 ** 32, digest.readUInt32LE(4) / 2 ** 32];
}

/** The fault of the n-th request, at most one; a reset comes as often before the write is applied as after. */
export function pickFault(faults: FaultPlan, seed: number, n: number): InjectedFault | undefined {
  const [which] = seededRandom(seed, n);
  const table: readonly (readonly [InjectedFault, number])[] = [
    ['reset-before', faults.reset / 2],
    ['reset-after', faults.reset / 2],
    ['unavailable', faults.unavailable],
    ['truncate', faults.truncate],
    ['garbage', faults.garbage],
  ];
  let end = 0;
  for (const [fault, width] of table) {
    end += width;
    if (which < end) return fault;
  }
  return undefined;
}

export const defaultAdmin: SeedAccount = { username: 'admin', password: new Secret('changeit') };
