import type { DaemonSettings } from '../../auth-engine/daemon.js';
import { formatDuration } from '../../go-compat/duration.js';
import { toText } from '../../go-compat/utf8.js';
import { placeholder } from './life.js';

type Line = readonly [key: string, value: string | number | boolean];

/** A basic string of TOML: that of JSON, but for DEL. */
function tomlValue(value: string | number | boolean): string {
  return JSON.stringify(value).replaceAll('\u007f', '\\u007f');
}

function section(name: string, lines: readonly Line[]): string {
  return [`[${name}]`, ...lines.map(([key, value]) => `  ${key} = ${tomlValue(value)}`), ''].join('\n');
}

/** A kapacitor.conf that makes a daemon decide alike, with its account and secrets replaced. */
export function configurationText(settings: DaemonSettings): string {
  const { users, metaAddr, metaUsername, metaPassword, metaSecret } = settings;
  const http: Line[] = [['auth-enabled', settings.authEnabled]];
  if (settings.pprofEnabled) http.push(['pprof-enabled', true]);
  if (settings.sharedSecret !== '') http.push(['shared-secret', placeholder.sharedSecret]);
  const auth: Line[] = [['enabled', users !== 'noauth']];
  if (settings.cacheExpiration !== 0) auth.push(['cache-expiration', formatDuration(settings.cacheExpiration)]);
  if (settings.bcryptCost !== 0) auth.push(['bcrypt-cost', settings.bcryptCost]);
  if (metaAddr !== '') auth.push(['meta-addr', toText(metaAddr)]);
  if (settings.metaUseTls) auth.push(['meta-use-tls', true]);
  if (metaUsername !== '') auth.push(['meta-username', placeholder.account.username]);
  if (metaPassword !== '') auth.push(['meta-password', placeholder.account.password]);
  if (metaSecret !== '') auth.push(['meta-internal-shared-secret', placeholder.internalSecret]);
  return section('http', http) + section('auth', auth);
}
