import { passwordCacheExpiration, type DaemonSettings } from './daemon.js';

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
