import type { Secret } from '../model/secret.js';
import type { Privileges } from './privileges.js';
import { type Cache, createPasswordCache, createUserCache } from './caches.js';
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

export function startDaemon(
  settings: DaemonSettings,
  startedAt: number,
  version: KapacitorVersion = defaultVersion,
): Daemon {
  return {
    settings,
    version,
    startedAt,
    userCache: createUserCache(settings.cacheExpiration),
    passwordCache: createPasswordCache(),
    userStore: new Map(),
  };
}

/** The daemon's clock in whole seconds since 1970. @param now nanoseconds since it started */
export function unixSeconds(daemon: Pick<Daemon, 'startedAt'>, now: number): number {
  const seconds = Math.floor(daemon.startedAt / 1000);
  const rest = (daemon.startedAt - seconds * 1000) * 1e6;
  return seconds + Math.floor((rest + now) / 1e9);
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
