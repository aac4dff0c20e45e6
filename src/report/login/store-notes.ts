import type { Trace } from '../../kapacitor/trace.js';
import { showDuration } from '../../model/duration.js';
import type { Surroundings } from './explanation.js';

/** What requests to /kapacitor/v1/users do to logins, and a login that such a user decided. */
export function storeNotes(trace: Trace, { settings }: Surroundings): string[] {
  const expiration = showDuration(settings.cacheExpiration);
  return trace.flatMap((step) => {
    if (step.kind === 'user-cache' && step.isStoreUser && settings.users === 'meta') {
      const user = `"${step.user}"`;
      return [
        `POST or PATCH /kapacitor/v1/users put user ${user} into the user cache: its password and privileges decide, not the cluster's, until the entry expires (cache-expiration ${expiration}), a login of ${user} fails, or DELETE /kapacitor/v1/users/... removes it.`,
      ];
    }
    if (step.kind !== 'user-store') return [];
    const user = `"${step.user}"`;
    if (step.action === 'delete' && step.response.status === 204) {
      return [`Kapacitor removes user ${user} from both caches: the next login of ${user} is checked anew.`];
    }
    if (step.cachedUntil === undefined || settings.users !== 'meta') return [];
    return [
      `User ${user} enters the user cache for ${expiration} (cache-expiration): it logs in with this password and these privileges, whatever the cluster has.`,
    ];
  });
}
