import type { Clock } from '../context.js';
import { KapadminError } from '../errors.js';
import type { Change, RoleChange, ScopedPermissions, SecretRef, UserChange } from './change.js';
import { isApplied, readSnapshot, type Snapshot, createSnapshot, type SnapshotReader } from './snapshot.js';
import type { ChangeTransport } from './retry-change.js';
import { executionPolicy } from './execution-policy.js';
import { setMaxListeners } from 'node:events';
import { isBcryptHash, type Secret } from '../model/secret.js';
import type { MetaClient } from '../meta/client-types.js';
import type { RoleWrite } from '../meta/wire.js';
import type { Permissions } from '../model/permissions.js';

export interface VisibilityOptions {
  readonly client: SnapshotReader;
  /** As found before the first write. */
  readonly before: Snapshot;
  readonly secret: SecretSource;
  /** Milliseconds; 0 reads once. */
  readonly wait: number;
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

export interface Visibility {
  /** Changes that no read has shown. */
  readonly hidden: readonly Change[];
  /** Revocations that the user record does not show, because a role grants the same permission. */
  readonly hiddenByRole: readonly Change[];
  /** What the last read showed. */
  readonly now: Snapshot;
  /** Why the reads ended early. */
  readonly error?: KapadminError;
}

/** The users and roles that these changes affect. */
function readTouched(changes: readonly Change[], client: SnapshotReader, signal: AbortSignal): Promise<Snapshot> {
  const touched = (on: 'user' | 'role'): string[] =>
    changes.filter((change) => change.on === on).map(({ name }) => name);
  return readSnapshot(client, { users: touched('user'), roles: touched('role') }, signal);
}

/**
 * Reads until all of these changes show, or the wait is over. A password whose hash is not bcrypt counts as shown.
 */
export async function awaitVisible(changes: readonly Change[], options: VisibilityOptions): Promise<Visibility> {
  const { client, before, secret, wait, clock, stop } = options;
  const until = clock.now() + wait;
  /** What a role hides may never show: no longer than a read lags. */
  const maskedUntil = Math.min(until, clock.now() + executionPolicy.readLag);
  let hidden = changes;
  let hiddenByRole: readonly Change[] = [];
  let now = createSnapshot([], []);
  while (hidden.length + hiddenByRole.length > 0 && !stop.aborted) {
    const open = [...hidden, ...hiddenByRole];
    try {
      now = await readTouched(open, client, stop);
    } catch (error) {
      if (error instanceof KapadminError) return { hidden, hiddenByRole, now, error };
      throw error;
    }
    const read = now;
    const seen = await Promise.all(open.map((change) => isVisibleIn(change, read, before, secret)));
    hidden = open.filter((_, i) => seen[i] === false);
    hiddenByRole = open.filter(({ action }, i) => seen[i] === undefined && action === 'remove-permissions');
    if (clock.now() >= (hidden.length > 0 ? until : maskedUntil) || hidden.length + hiddenByRole.length === 0) break;
    await clock.sleep(Math.min(executionPolicy.pollInterval, until - clock.now()), stop);
  }
  return { hidden, hiddenByRole, now };
}

/** The user that sends the writes: its own password and permissions are changed last. */
export interface ConnectionLogin {
  readonly name: string;
  /** A client that logs in with the new password, for the changes after it; closed by whoever created it. */
  reconnect(password: Secret): Promise<ChangeClient>;
}

export interface ChangeTransportOptions {
  readonly client: ChangeClient;
  /** What was found before the first write, of all users and roles that the changes name. */
  readonly before: Snapshot;
  /** The password or hash of a reference; read once for each change, just before it is sent. */
  secret(ref: SecretRef, change: Change): Promise<Secret>;
  readonly clock: Clock;
  /** Aborted with a StopSignal: nothing new is started, what is under way gets `executionPolicy.graceMs`. */
  readonly stop: AbortSignal;
  readonly login?: ConnectionLogin | undefined;
  /** How often a write of unknown delivery status is sent again at most; the policy's number by default. */
  readonly maxRepeats?: number | undefined;
}

/** Aborted some time after `stop`: what is under way then has had its time. */
export function endAfterGrace(stop: AbortSignal, clock: Clock, finished: AbortSignal): AbortSignal {
  const end = new AbortController();
  setMaxListeners(0, stop, end.signal);
  const wait = async (): Promise<void> => {
    await clock.sleep(executionPolicy.graceMs, finished);
    if (!finished.aborted) end.abort(stop.reason);
  };
  if (stop.aborted) void wait();
  else stop.addEventListener('abort', () => void wait(), { once: true, signal: finished });
  return end.signal;
}

/** Reads the secret of a change once, however often the change is sent. */
function memoizeSecrets(secret: SecretSource): SecretSource {
  const known = new Map<Change, Promise<Secret>>();
  return (ref, change) => {
    const secretRequest = known.get(change) ?? secret(ref, change);
    known.set(change, secretRequest);
    return secretRequest;
  };
}

/** What one change needs of the client, and the switch to the new login once its password was changed. */
export function createChangeTransport(options: ChangeTransportOptions, end: AbortSignal): ChangeTransport {
  const { before, clock, stop, login, maxRepeats } = options;
  const secret = memoizeSecrets((ref, change) => options.secret(ref, change));
  let client = options.client;

  /** The client of the new login, where a change sets its password. */
  const ownLogin = (change: Change): Promise<ChangeClient> | undefined =>
    change.action === 'change-password' && change.name === login?.name
      ? secret(change.password, change).then((password) => login.reconnect(password))
      : undefined;

  return {
    clock,
    stop,
    end,
    maxRepeats,
    send: async (change) => {
      await sendChange(client, change, secret, end);
      const other = ownLogin(change);
      if (other !== undefined) client = await other;
    },
    matches: (change) => matchesCreate(client, change, secret, end),
    isVisible: async (change) => {
      const other = await ownLogin(change);
      if (other === undefined) return isChangeVisible(client, change, before, secret, end);
      try {
        const seen = await isChangeVisible(other, change, before, secret, end);
        if (seen === true) client = other;
        return seen;
      } catch (error) {
        if (error instanceof KapadminError && error.kind === 'refused') return false;
        throw error;
      }
    },
  };
}

/** What changes need of a client. */
export type ChangeClient = Pick<MetaClient, 'users' | 'roles' | 'writeUser' | 'writeRole'>;

/** Gives the password or hash that a change refers to. */
export type SecretSource = (ref: SecretRef, change: Change) => Promise<Secret>;

function asMap(scopedPermissions: readonly ScopedPermissions[]): Permissions {
  const map = new Map<string, readonly string[]>();
  for (const { scope, permissions } of scopedPermissions) map.set(scope, [...(map.get(scope) ?? []), ...permissions]);
  return map;
}

async function sendUser(
  client: ChangeClient,
  change: UserChange,
  secret: SecretSource,
  options: { signal: AbortSignal | undefined },
): Promise<void> {
  const { name } = change;
  switch (change.action) {
    case 'create': {
      const password = change.password && (await secret(change.password, change));
      const hash = change.hash && (await secret(change.hash, change));
      return client.writeUser({ action: change.action, user: { name, password, hash } }, options);
    }
    case 'delete':
      return client.writeUser({ action: change.action, user: { name } }, options);
    case 'change-password': {
      const password = await secret(change.password, change);
      return client.writeUser({ action: change.action, user: { name, password } }, options);
    }
    case 'add-permissions':
    case 'remove-permissions': {
      const permissions = asMap(change.permissions);
      return client.writeUser({ action: change.action, user: { name, permissions } }, options);
    }
  }
}

function roleWrite(change: RoleChange): RoleWrite {
  const { name } = change;
  switch (change.action) {
    case 'create':
    case 'delete':
      return { action: change.action, role: { name } };
    case 'add-users':
    case 'remove-users':
      return { action: change.action, role: { name, users: change.users } };
    case 'add-permissions':
    case 'remove-permissions':
      return { action: change.action, role: { name, permissions: asMap(change.permissions) } };
  }
}

/** Sends a change as one request. */
function sendChange(client: ChangeClient, change: Change, secret: SecretSource, signal?: AbortSignal): Promise<void> {
  return change.on === 'user'
    ? sendUser(client, change, secret, { signal })
    : client.writeRole(roleWrite(change), { signal });
}

/** Whether the record of the changed user or role shows the change; undefined when unknown. */
async function isChangeVisible(
  client: ChangeClient,
  change: Change,
  before: Snapshot,
  secret: SecretSource,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  const { name } = change;
  const now =
    change.on === 'user'
      ? createSnapshot(await client.users({ name, signal }), [])
      : createSnapshot([], await client.roles({ name, signal }));
  return isVisibleIn(change, now, before, secret);
}

/** Whether a snapshot shows a change, including its password; undefined when unknown. */
async function isVisibleIn(
  change: Change,
  now: Snapshot,
  before: Snapshot,
  secret: SecretSource,
): Promise<boolean | undefined> {
  const seen = isApplied(change, now, before);
  if (seen !== true || change.action !== 'change-password') return seen;
  const hash = now.users.get(change.name)?.hash;
  if (hash !== undefined && hash.reveal() === before.users.get(change.name)?.hash?.reveal()) return false;
  return passwordMatches(await secret(change.password, change), hash);
}

/**
 * Whether what already exists is what a create would have made: a role, or a user with this password or hash. Undefined
 * where no read shows it yet.
 */
async function matchesCreate(
  client: ChangeClient,
  change: Change,
  secret: SecretSource,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  const { name } = change;
  if (change.on === 'role') return (await client.roles({ name, signal })).length > 0 ? true : undefined;
  const [user] = await client.users({ name, signal });
  if (user === undefined || change.action !== 'create') return undefined;
  if (change.hash !== undefined) return user.hash?.reveal() === (await secret(change.hash, change)).reveal();
  if (change.password === undefined) return true;
  return (await passwordMatches(await secret(change.password, change), user.hash)) === true;
}

/** Whether a password matches a stored hash; undefined when there is no hash or it is not bcrypt. */
export async function passwordMatches(password: Secret, hash: Secret | undefined): Promise<boolean | undefined> {
  if (hash === undefined || !isBcryptHash(hash)) return undefined;
  const { compare } = await import('bcryptjs');
  return compare(password.reveal(), hash.reveal());
}
