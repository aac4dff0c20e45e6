import type { Secret } from '../model/secret.js';

/** Nanoseconds that an accepted password is cached (services/auth/service.go, authCacheExpiration). */
export const passwordCacheExpiration = 3600e9;

/** Minimum nanoseconds between two requests: an entry with a shorter TTL is never found again. */
const minRequestInterval = 1000;

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

/** The users that the meta node returned. @param expiration nanoseconds; 0 or less turns the cache off */
export function createUserCache<User>(expiration: number): Cache<User> {
  return createCache(expiration < minRequestInterval ? 0 : expiration);
}

/** The last accepted password of each name; Kapacitor has no setting for it. */
export function createPasswordCache(): Cache<Secret> {
  return createCache(passwordCacheExpiration);
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
export function passwordTimeline(settings: {
  readonly authEnabled: boolean;
  readonly users: string;
  readonly cacheExpiration: number;
}): PasswordTimeline | undefined {
  if (!settings.authEnabled || settings.users !== 'meta') return undefined;
  const recordUntil = Math.max(0, settings.cacheExpiration);
  return { oldUntil: recordUntil + passwordCacheExpiration, newRefusedUntil: recordUntil };
}
