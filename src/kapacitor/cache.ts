export interface Entry<T> {
  readonly value: T;
  /** Nanoseconds since the daemon started. */
  readonly storedAt: number;
  readonly expires: number;
}

/** Values by name that expire a fixed time after they were stored, not after their last use. */
export interface Cache<T> {
  get(name: string, now: number): Entry<T> | undefined;
  set(name: string, value: T, now: number): Entry<T>;
  delete(name: string): void;
  readonly size: number;
}

/**
 * The daemon's two caches (services/auth/cache.go, service.go authCache): an entry asked at exactly its expiry counts
 * as expired, since a real clock never stands still. Expired entries that nobody asks for are dropped now and then,
 * so that the memory is bounded by what is alive.
 */
export function makeCache<T>(expiration: number): Cache<T> {
  const entries = new Map<string, Entry<T>>();
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
