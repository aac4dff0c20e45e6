import { Buffer } from 'node:buffer';
import { encodeFile } from '../kapacitor-config/toml/encoding.js';
import type { Configuration } from '../kapacitor-config/fields.js';
import type { DaemonSettings } from './daemon.js';

/** The bytes of a setting, among them those that are not UTF-8 and yet were read. */
function toBinary(text: string): string {
  return Buffer.from(encodeFile(text)).toString('latin1');
}

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
