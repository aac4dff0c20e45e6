import type { Secret } from '../model/secret.js';
import { makeCache, type Cache } from './cache.js';
import type { Privileges } from './privileges.js';

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
  /** The hash of the document, or what bcrypt took of a password that LDAP accepted: Kapacitor makes a hash of it. */
  readonly hash: { readonly kind: 'document'; readonly text: string } | { readonly kind: 'made'; readonly key: Secret };
  readonly privileges: Privileges;
}

/** One daemon's memory: what is lost when it restarts. It does not grow with the number of requests. */
export interface Daemon {
  readonly settings: DaemonSettings;
  /** Milliseconds since 1970 at which it started. */
  readonly startedAt: number;
  readonly userCache: Cache<AuthUser>;
  /** The password that was accepted last, by requested name. */
  readonly passwordCache: Cache<Secret>;
}

/** Nanoseconds that an accepted password is remembered (services/auth/service.go, authCacheExpiration). */
export const passwordCacheExpiration = 3600e9;

/** Nanoseconds that pass at least from one request to the next: what lives for less is never found again. */
const leastPause = 1000;

export function startDaemon(settings: DaemonSettings, startedAt: number): Daemon {
  const { cacheExpiration } = settings;
  return {
    settings,
    startedAt,
    userCache: makeCache(cacheExpiration < leastPause ? 0 : cacheExpiration),
    passwordCache: makeCache(passwordCacheExpiration),
  };
}

/** The daemon's clock in whole seconds since 1970. @param now nanoseconds since it started */
export function unixSeconds(daemon: Daemon, now: number): number {
  const whole = Math.floor(daemon.startedAt / 1000);
  const rest = (daemon.startedAt - whole * 1000) * 1e6;
  return whole + Math.floor((rest + now) / 1e9);
}
