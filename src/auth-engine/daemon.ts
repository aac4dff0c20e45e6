import type { Secret } from '../model/secret.js';
import type { Privileges } from './privileges.js';
import { defaultVersion, type KapacitorVersion } from '../model/kapacitor-versions.js';
import { toFileBinary } from '../kapacitor-config/toml/document.js';
import type { Configuration } from '../kapacitor-config/fields.js';

/** The part of the configuration that decides requests; strings are binary. */
export interface DaemonSettings {
  readonly authEnabled: boolean;
  readonly pprofEnabled: boolean;
  readonly sharedSecret: string;
  /** Where users come from: nowhere (everybody is the admin), Kapacitor's own store, or the meta node. */
  readonly users: 'noauth' | 'own-store' | 'meta';
  /** Nanoseconds; 0 or less turns the user cache off. */
  readonly cacheExpiration: number;
  readonly bcryptCost: number;
  readonly metaAddr: string;
  readonly metaUseTls: boolean;
  readonly metaUsername: string;
  readonly metaPassword: string;
  readonly metaSecret: string;
}

/** A user as the daemon holds it after conversion; strings are binary. */
export interface AuthUser {
  readonly name: string;
  readonly admin: boolean;
  /** The hash of the user record, or the bcrypt key of a password that Kapacitor hashed itself. */
  readonly hash:
    | { readonly kind: 'record'; readonly text: string }
    | { readonly kind: 'made'; readonly of: 'ldap' | 'store'; readonly key: Secret };
  readonly privileges: Privileges;
}

/** The state of one daemon. It grows only with the users that requests create. */
export interface Daemon {
  readonly settings: DaemonSettings;
  readonly version: KapacitorVersion;
  /** Start time, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly userCache: Cache<AuthUser>;
  /** The last accepted password, by requested name. */
  readonly passwordCache: Cache<Secret>;
  /** Kapacitor's own users by name, created by requests (the daemon keeps them on disk, unlike the caches). */
  readonly userStore: Map<string, AuthUser>;
}

/** Nanoseconds that an accepted password is cached (services/auth/service.go, authCacheExpiration). */
export const passwordCacheExpiration = 3600e9;

/** Minimum nanoseconds between two requests: an entry with a shorter TTL is never found again. */
const minRequestInterval = 1000;

export function startDaemon(
  settings: DaemonSettings,
  startedAt: number,
  version: KapacitorVersion = defaultVersion,
): Daemon {
  const { cacheExpiration } = settings;
  return {
    settings,
    version,
    startedAt,
    userCache: createCache(cacheExpiration < minRequestInterval ? 0 : cacheExpiration),
    passwordCache: createCache(passwordCacheExpiration),
    userStore: new Map(),
  };
}

/** The daemon's clock in whole seconds since 1970. @param now nanoseconds since it started */
export function unixSeconds(daemon: Pick<Daemon, 'startedAt'>, now: number): number {
  const seconds = Math.floor(daemon.startedAt / 1000);
  const rest = (daemon.startedAt - seconds * 1000) * 1e6;
  return seconds + Math.floor((rest + now) / 1e9);
}

export interface CacheEntry<T> {
  readonly value: T;
  /** Nanoseconds since the daemon started. */
  readonly storedAt: number;
  readonly expires: number;
}

/** Values by name that expire a fixed time after they were stored, whether used or not. */
export interface Cache<T> {
  get(name: string, now: number): CacheEntry<T> | undefined;
  set(name: string, value: T, now: number): CacheEntry<T>;
  delete(name: string): void;
  readonly size: number;
}

/**
 * One of the daemon's two caches (services/auth/cache.go, service.go authCache). An entry read exactly at its expiry
 * counts as expired, since a real clock never stands still. Expired entries are swept now and then, so that memory is
 * bounded by the live entries.
 */
export function createCache<T>(expiration: number): Cache<T> {
  const entries = new Map<string, CacheEntry<T>>();
  let sweepAt = 64;
  const sweep = (now: number): void => {
    for (const [name, entry] of entries) if (now >= entry.expires) entries.delete(name);
    sweepAt = Math.max(64, entries.size * 2);
  };
  return {
    get(name, now) {
      const entry = entries.get(name);
      if (entry === undefined || now < entry.expires) return entry;
      entries.delete(name);
      return undefined;
    },
    set(name, value, now) {
      const entry = { value, storedAt: now, expires: now + expiration };
      if (expiration > 0) entries.set(name, entry);
      if (entries.size > sweepAt) sweep(now);
      return entry;
    },
    delete: (name) => void entries.delete(name),
    get size() {
      return entries.size;
    },
  };
}

/** The settings of a configuration that decide requests. */
export function toDaemonSettings({ http, auth }: Configuration): DaemonSettings {
  const metaAddr = toFileBinary(auth.metaAddr.value);
  return {
    authEnabled: http.authEnabled.value,
    pprofEnabled: http.pprofEnabled.value,
    sharedSecret: toFileBinary(http.sharedSecret.value.reveal()),
    users: !auth.enabled.value ? 'noauth' : metaAddr === '' ? 'own-store' : 'meta',
    cacheExpiration: auth.cacheExpiration.value,
    bcryptCost: auth.bcryptCost.value,
    metaAddr,
    metaUseTls: auth.metaUseTls.value,
    metaUsername: toFileBinary(auth.metaUsername.value),
    metaPassword: toFileBinary(auth.metaPassword.value.reveal()),
    metaSecret: toFileBinary(auth.metaInternalSharedSecret.value.reveal()),
  };
}

/** How long Kapacitor may use stale passwords after a password change; nanoseconds since the change. */
export interface PasswordTimeline {
  /** The old password may be accepted until then. */
  readonly oldUntil: number;
  /** The new password may be rejected once until then; the next attempt is accepted. 0: never rejected. */
  readonly newRefusedUntil: number;
}

/**
 * The worst case after a password change; undefined for a daemon that does not check passwords of the meta node. The
 * user cache may hold the old record for its whole expiration; just before that ends, a full check of the old password
 * may fill the password cache, which then accepts it without checking the record.
 */
export function passwordTimeline(
  settings: Pick<DaemonSettings, 'authEnabled' | 'users' | 'cacheExpiration'>,
): PasswordTimeline | undefined {
  if (!settings.authEnabled || settings.users !== 'meta') return undefined;
  const recordUntil = Math.max(0, settings.cacheExpiration);
  return { oldUntil: recordUntil + passwordCacheExpiration, newRefusedUntil: recordUntil };
}
