import type { Secret } from '../model/secret.js';
import { makeCache, type Cache } from './cache.js';
import type { Privileges } from './privileges.js';
import { defaultVersion, type KapacitorVersion } from '../model/kapacitor-versions.js';

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
const leastPause = 1000;

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
    userCache: makeCache(cacheExpiration < leastPause ? 0 : cacheExpiration),
    passwordCache: makeCache(passwordCacheExpiration),
    userStore: new Map(),
  };
}

/** The daemon's clock in whole seconds since 1970. @param now nanoseconds since it started */
export function unixSeconds(daemon: Pick<Daemon, 'startedAt'>, now: number): number {
  const whole = Math.floor(daemon.startedAt / 1000);
  const rest = (daemon.startedAt - whole * 1000) * 1e6;
  return whole + Math.floor((rest + now) / 1e9);
}
