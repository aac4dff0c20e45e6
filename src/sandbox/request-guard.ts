/** Whether a host name or address is the loopback one. */
export function isThisMachine(name: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1)$/i.test(name);
}

/** Whether a host, with or without a port, is this machine or one of `names`. A missing host is accepted. */
function isOwnHost(host: string, names: ReadonlySet<string>): boolean {
  const [, name = host] = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(host) ?? [];
  return name === '' || isThisMachine(name.replace(/^\[|\]$/g, '')) || names.has(name.toLowerCase());
}

function isOwnOrigin(origin: string, names: ReadonlySet<string>): boolean {
  const [, host = ''] = /^https?:\/\/([^/]+)$/i.exec(origin) ?? [];
  return host !== '' && isOwnHost(host, names);
}

/** The headers of a request that show from which site a browser sent it, and to which host. */
export interface GuardedRequest {
  readonly method?: string | undefined;
  /** The request target; a whole URL names a host, too. */
  readonly url?: string | undefined;
  readonly headersDistinct: Readonly<Record<string, readonly string[] | undefined>>;
}

/** The hosts that a request names: of its target, where that is a whole URL, and of every Host header. */
function hostsOf({ url = '', headersDistinct }: GuardedRequest): readonly string[] {
  const [, authority] = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(url) ?? [];
  return [...(authority === undefined ? [] : [authority]), ...(headersDistinct['host'] ?? [])];
}

/**
 * Why a request is refused because a web page of another site may have sent it; undefined where it is taken. A page
 * reaches 127.0.0.1 from any browser on this machine, by a name of its own that resolves to it (Host) or directly (Origin,
 * Sec-Fetch-Site). OPTIONS of another site is answered: it does nothing, and the daemon answers it too.
 * @param names host names that are the sandbox's own beside those of this machine, in lower case
 */
export function crossSiteRefusal(request: GuardedRequest, names: ReadonlySet<string>): string | undefined {
  const { method, headersDistinct } = request;
  const foreignHost = hostsOf(request).find((host) => !isOwnHost(host, names));
  if (foreignHost !== undefined) {
    return `the sandbox is not ${JSON.stringify(foreignHost)}: use 127.0.0.1 or localhost`;
  }
  if (method === 'OPTIONS') return undefined;
  const isForeign = headersDistinct['origin']?.some((origin) => !isOwnOrigin(origin, names));
  const isCrossSite = headersDistinct['sec-fetch-site']?.some((site) => site.toLowerCase() === 'cross-site');
  return isForeign || isCrossSite ? 'the sandbox does not accept requests from other web sites' : undefined;
}
