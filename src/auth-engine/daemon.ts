import type { Secret } from '../model/secret.js';
import type { Privileges } from './privileges.js';
import { defaultVersion, type KapacitorVersion } from '../model/kapacitor-versions.js';
import { Buffer } from 'node:buffer';
import { encodeFile } from '../kapacitor-config/toml/encoding.js';
import type { Configuration } from '../kapacitor-config/fields.js';

/** What of the configuration decides requests; strings are binary. */
export interface DaemonSettings {
  readonly authEnabled: boolean;
  readonly pprofEnabled: boolean;
  readonly sharedSecret: string;
  /** Who is asked for users: nobody (everybody is the admin), Kapacitor's own store, or the meta node. */
  readonly users: 'noauth' | 'own-store' | 'meta';
  /** Nanoseconds; 0 and less: no user is cached. */
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
  /** The hash of the document, or what bcrypt took of a password that Kapacitor itself hashed. */
  readonly hash:
    | { readonly kind: 'document'; readonly text: string }
    | { readonly kind: 'made'; readonly of: 'ldap' | 'store'; readonly key: Secret };
  readonly privileges: Privileges;
}

/** One daemon's memory. It does not grow with the number of requests, but for the users that they make. */
export interface Daemon {
  readonly settings: DaemonSettings;
  readonly version: KapacitorVersion;
  /** Milliseconds since 1970 at which it started. */
  readonly startedAt: number;
  readonly userCache: Cache<AuthUser>;
  /** The password that was accepted last, by requested name. */
  readonly passwordCache: Cache<Secret>;
  /** Kapacitor's own users, by name: those that requests made (the daemon keeps them on disk, unlike the caches). */
  readonly userStore: Map<string, AuthUser>;
}

/** Nanoseconds that an accepted password is remembered (services/auth/service.go, authCacheExpiration). */
export const passwordCacheExpiration = 3600e9;

/** Nanoseconds that pass at least from one request to the next: what lives for less is never found again. */
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
  const whole = Math.floor(daemon.startedAt / 1000);
  const rest = (daemon.startedAt - whole * 1000) * 1e6;
  return whole + Math.floor((rest + now) / 1e9);
}

export interface CacheEntry<T> {
  readonly value: T;
  /** Nanoseconds since the daemon started. */
  readonly storedAt: number;
  readonly expires: number;
}

/** Values by name that expire a fixed time after they were stored, not after their last use. */
export interface Cache<T> {
  get(name: string, now: number): CacheEntry<T> | undefined;
  set(name: string, value: T, now: number): CacheEntry<T>;
  delete(name: string): void;
  readonly size: number;
}

/**
 * The daemon's two caches (services/auth/cache.go, service.go authCache): an entry asked at exactly its expiry counts
 * as expired, since a real clock never stands still. Expired entries that nobody asks for are dropped now and then,
 * so that the memory is bounded by what is alive.
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

/** The bytes of a setting, among them those that are not UTF-8 and yet were read. */
function toBinary(text: string): string {
  return Buffer.from(encodeFile(text)).toString('latin1');
}

/** What of a configuration decides requests. */
export function toDaemonSettings({ http, auth }: Configuration): DaemonSettings {
  const metaAddr = toBinary(auth.metaAddr.value);
  return {
    authEnabled: http.authEnabled.value,
    pprofEnabled: http.pprofEnabled.value,
    sharedSecret: toBinary(http.sharedSecret.value.reveal()),
    users: !auth.enabled.value ? 'noauth' : metaAddr === '' ? 'own-store' : 'meta',
    cacheExpiration: auth.cacheExpiration.value,
    bcryptCost: auth.bcryptCost.value,
    metaAddr,
    metaUseTls: auth.metaUseTls.value,
    metaUsername: toBinary(auth.metaUsername.value),
    metaPassword: toBinary(auth.metaPassword.value.reveal()),
    metaSecret: toBinary(auth.metaInternalSharedSecret.value.reveal()),
  };
}

/** What may happen at a Kapacitor after a password was changed; nanoseconds since the change. */
export interface PasswordTimeline {
  /** Until then the old password may be accepted. */
  readonly oldUntil: number;
  /** Until then the new password may be refused, once: the try after that is accepted. 0: it never is. */
  readonly newRefusedUntil: number;
}

/**
 * What may happen at worst after a password was changed; undefined for a daemon that does not ask the meta node for
 * passwords. The user cache may hold the old record for its whole expiration; just before that ends, a full check of
 * the old password against it may fill the password cache, which then accepts it without a look at the record.
 */
export function passwordTimeline(settings: DaemonSettings): PasswordTimeline | undefined {
  if (!settings.authEnabled || settings.users !== 'meta') return undefined;
  const recordUntil = Math.max(0, settings.cacheExpiration);
  return { oldUntil: recordUntil + passwordCacheExpiration, newRefusedUntil: recordUntil };
}
