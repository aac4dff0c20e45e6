import type { ChangeClient } from '../../src/mutations/send-and-verify.js';
import type { Clock } from '../../src/context.js';
import type { ErrorKind } from '../../src/errors.js';
import { type DeliveryStatus, MetaError } from '../../src/meta/errors.js';
import type { RoleWrite, UserWrite } from '../../src/meta/wire.js';
import { Secret } from '../../src/model/secret.js';
import type { Role, User } from '../../src/model/user.js';
import {
  applyWrite,
  type ClusterState,
  copyState,
  emptyState,
  type StoreWrite,
} from '../../src/sandbox/meta-node/store.js';

/** What happens to one write. */
export type WriteFault =
  | 'none'
  /** It never leaves. */
  | 'not-sent'
  /** The connection breaks before, or after it was carried out. */
  | 'lost-before'
  | 'lost-after'
  /** The connection breaks, and it is carried out only some time later. */
  | 'late'
  /** The server answers 500 before, or after it was carried out. */
  | 'error-before'
  | 'error-after'
  /** No rights. */
  | 'forbidden';

export interface Applied {
  readonly write: StoreWrite;
  readonly state: ClusterState;
}

export interface Simulation {
  readonly client: ChangeClient;
  readonly state: ClusterState;
  /** Writes that were carried out, in order, each with the state after it. */
  readonly applied: readonly Applied[];
  /** Targets of the writes that were sent. */
  readonly sent: readonly string[];
  /** Two writes on one target were under way at the same time. */
  readonly overlaps: readonly string[];
}

export interface SimulationOptions {
  readonly clock: Clock;
  readonly users?: readonly User[];
  readonly roles?: readonly Role[];
  /** The fault of the n-th write; `none` by default. */
  fault?(n: number): WriteFault;
  /** Whether the n-th read fails. */
  readFails?(n: number): boolean;
  /** Milliseconds by which reads lie behind. */
  readonly lag?: number;
  /** How a password is stored; readable by default. */
  hash?(password: string): string;
}

const latency = 5;
const lateness = 120;

function fail(kind: ErrorKind, code: string, deliveryStatus: DeliveryStatus, status?: number): MetaError {
  return new MetaError(kind, code, `cannot write: ${code}`, {
    method: 'POST',
    url: 'http://meta/user',
    deliveryStatus,
    status,
  });
}

function stateOf({ users = [], roles = [] }: SimulationOptions): ClusterState {
  const state = emptyState();
  for (const { name, hash = new Secret(''), permissions } of users) {
    state.users.set(name, { name, hash, ldap: false, permissions });
  }
  for (const { name, permissions, users: members } of roles) {
    state.roles.set(name, { name, permissions, users: new Set(members) });
  }
  return state;
}

/** A meta node in memory that fails as it is told, on a clock of its own; it keeps account of what it did. */
export function simulate(options: SimulationOptions): Simulation {
  const { clock, lag = 0 } = options;
  const state = stateOf(options);
  const history: { at: number; state: ClusterState }[] = [{ at: -Infinity, state: copyState(state) }];
  const applied: Applied[] = [];
  const sent: string[] = [];
  const overlaps: string[] = [];
  const underWay = new Set<string>();
  let writes = 0;
  let reads = 0;

  const applyToStore = (write: StoreWrite): MetaError | undefined => {
    const refusal = applyWrite(state, write);
    if (refusal === undefined) {
      history.push({ at: clock.now(), state: copyState(state) });
      applied.push({ write, state: copyState(state) });
      return undefined;
    }
    const kind = refusal.error.includes('exists') ? 'exists' : 'not-found';
    return fail(kind, refusal.error.replaceAll(' ', '-'), 'responded', refusal.status);
  };

  const send = async (write: StoreWrite, signal: AbortSignal | undefined): Promise<void> => {
    const fault = options.fault?.(writes++) ?? 'none';
    const target = `${write.on} ${write.name}`;
    if (signal?.aborted) throw fail('interrupted', 'aborted', 'not-sent');
    if (underWay.has(target)) overlaps.push(target);
    underWay.add(target);
    sent.push(`${target} ${write.action}`);
    try {
      await clock.sleep(latency, signal);
      if (signal?.aborted) throw fail('interrupted', 'aborted', 'unknown');
      if (fault === 'not-sent') throw fail('unreachable', 'connection-refused', 'not-sent');
      if (fault === 'forbidden') throw fail('refused', 'forbidden', 'responded', 403);
      if (fault === 'lost-before') throw fail('unreachable', 'connection-lost', 'unknown');
      if (fault === 'error-before') throw fail('server', 'server-error', 'unknown', 500);
      if (fault === 'late') {
        void clock.sleep(lateness).then(() => applyToStore(write));
        throw fail('unreachable', 'timeout', 'unknown');
      }
      const refusal = applyToStore(write);
      if (fault === 'lost-after') throw fail('unreachable', 'connection-lost', 'unknown');
      if (fault === 'error-after') throw fail('server', 'server-error', 'unknown', 500);
      if (refusal !== undefined) throw refusal;
    } finally {
      underWay.delete(target);
    }
  };

  const read = async (signal: AbortSignal | undefined): Promise<ClusterState> => {
    const fails = options.readFails?.(reads++) === true;
    await clock.sleep(latency, signal);
    if (fails || signal?.aborted) throw fail('unreachable', 'connection-lost', 'responded');
    return history.findLast(({ at }) => at <= clock.now() - lag)?.state ?? state;
  };

  const hash = options.hash ?? ((password: string) => `plain:${password}`);

  return {
    state,
    applied,
    sent,
    overlaps,
    client: {
      users: async ({ name, signal } = {}) => {
        const { users } = await read(signal);
        return [...users.values()].filter((user) => name === undefined || user.name === name);
      },
      roles: async ({ name, signal } = {}) => {
        const { roles } = await read(signal);
        return [...roles.values()]
          .filter((role) => name === undefined || role.name === name)
          .map((role) => ({ ...role, users: [...role.users] }));
      },
      writeUser: ({ action, user }: UserWrite, { signal } = {}) => {
        const password = 'password' in user ? user.password : undefined;
        const permissions = ('permissions' in user ? user.permissions : undefined) ?? new Map();
        const ready = 'hash' in user ? user.hash : undefined;
        const stored = ready ?? new Secret(password === undefined ? '' : hash(password.reveal()));
        return send({ on: 'user', action, name: user.name, hash: stored, permissions }, signal);
      },
      writeRole: ({ action, role }: RoleWrite, { signal } = {}) => {
        const permissions = ('permissions' in role ? role.permissions : undefined) ?? new Map();
        const users = ('users' in role ? role.users : undefined) ?? [];
        const write = {
          on: 'role',
          action,
          name: role.name,
          permissions,
          ...(action.endsWith('users') ? { users } : {}),
        };
        return send((action === 'create' ? { ...write, users } : write) as StoreWrite, signal);
      },
    },
  };
}
