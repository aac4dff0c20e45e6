import type { ProxyOptions } from '../client-types.js';
import { usageError } from '../../errors.js';
import { excerpt } from '../../model/text.js';
import { tryParseUrl, unencodedCredentials } from '../../model/urls.js';

/** The proxy for https and its exceptions, as curl reads them: the lower-case variables win. */
export function proxyFromEnvironment(env: Readonly<Record<string, string | undefined>>): ProxyOptions {
  return { https: env['https_proxy'] || env['HTTPS_PROXY'], no: env['no_proxy'] || env['NO_PROXY'] };
}

interface ProxyException {
  readonly host: string;
  readonly port: string | undefined;
}

function parseExceptions(no: string): readonly ProxyException[] {
  return no
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [, host = entry, port] = /^([^:]+|\[.*\]):(\d+)$/.exec(entry) ?? [];
      return { host: host.replace(/^\*?\./, '').toLowerCase(), port };
    });
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function isExcepted(url: URL, list: readonly ProxyException[]): boolean {
  const host = withoutBrackets(url.hostname.toLowerCase());
  const port = url.port || '443';
  return list.some((entry) => {
    if (entry.port !== undefined && entry.port !== port) return false;
    const name = withoutBrackets(entry.host);
    return name === '*' || host === name || host.endsWith(`.${name}`);
  });
}

function parseProxy(text: string): URL {
  const given = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = tryParseUrl(given);
  if (url !== undefined && /@/.test(url.pathname + url.search + url.hash)) {
    throw unencodedCredentials('HTTPS_PROXY', 'NO_PROXY for a node that needs no proxy');
  }
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    // Of one that is no URL nobody knows where its password is.
    const displayed =
      url === undefined ? '***' : excerpt(`${url.protocol}//${url.username === '' ? '' : '***@'}${url.host}`);
    throw usageError('bad-proxy', `the proxy "${displayed}" is not an http or https URL`, 'Check HTTPS_PROXY.');
  }
  return url;
}

interface ProxyRule {
  readonly url: URL;
  /** The proxy as it may be shown. */
  readonly displayUrl: string;
  /** Whether requests to this origin go through it. */
  applies(origin: string): boolean;
}

/** The proxy for https targets, if one is set; `NO_PROXY` accepts names, domains, `host:port` and `*`, as in curl. */
export function proxyRule(options: ProxyOptions): ProxyRule | undefined {
  if (options.https === undefined || options.https === '') return undefined;
  const url = parseProxy(options.https);
  const list = parseExceptions(options.no ?? '');
  return {
    url,
    displayUrl: url.host,
    applies: (origin) => {
      const target = new URL(origin);
      return target.protocol === 'https:' && !isExcepted(target, list);
    },
  };
}
