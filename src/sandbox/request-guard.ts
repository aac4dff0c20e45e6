import { isThisMachine } from './front/trust.js';
import type { MetaRequest } from './message.js';

/** Whether a host, with or without a port, is this machine or one of `names`. No host at all is nobody else's. */
function isOwnHost(host: string, names: ReadonlySet<string>): boolean {
  const [, name = host] = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(host) ?? [];
  return name === '' || isThisMachine(name.replace(/^\[|\]$/g, '')) || names.has(name.toLowerCase());
}

function isOwnOrigin(origin: string, names: ReadonlySet<string>): boolean {
  const [, host = ''] = /^https?:\/\/([^/]+)$/i.exec(origin) ?? [];
  return host !== '' && isOwnHost(host, names);
}

/**
 * Why a request is refused because a web page of another site may have sent it; undefined where it is taken. A page
 * reaches 127.0.0.1 from any browser on this machine, by a name of its own that resolves to it (Host) or directly (Origin,
 * Sec-Fetch-Site). OPTIONS of another site is answered: it does nothing, and the daemon answers it too.
 * @param names host names that are the sandbox's own beside those of this machine, in lower case
 */
export function crossSiteRefusal(
  method: string,
  headers: MetaRequest['headers'],
  names: ReadonlySet<string>,
): string | undefined {
  const [host, origin] = [headers['host'], headers['origin']].map((value) => value && String(value));
  if (!isOwnHost(host ?? '', names)) return `the sandbox is not ${JSON.stringify(host)}: use 127.0.0.1 or localhost`;
  if (method === 'OPTIONS') return undefined;
  const isForeign = origin !== undefined && !isOwnOrigin(origin, names);
  return isForeign || headers['sec-fetch-site'] === 'cross-site'
    ? 'the sandbox takes no requests from web pages of other sites'
    : undefined;
}
