import type { Configuration } from './configuration/index.js';
import type { DaemonSettings } from './daemon.js';
import { toBinary } from './go/utf8.js';

/** What of a configuration decides requests. */
export function toSettings({ http, auth }: Configuration): DaemonSettings {
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
