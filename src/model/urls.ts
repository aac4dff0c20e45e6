import { type KapadminError, usageError } from '../errors.js';

const metaPort = '8091';

/**
 * The URL, or undefined for what is none. Not by URL.canParse: after some thousand calls that of Node 20 refuses letters
 * such as ü.
 */
export function tryParseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** Whether a URL's host has only characters of host names and addresses: a URL may also have `;{},$()&'`. */
export function isHostName(host: string): boolean {
  return /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$/.test(host);
}

/** What is wrong with a URL of a meta node, as the end of a sentence about it. */
interface NodeUrlProblem {
  readonly problem: string;
}

/** A meta node's URL as it may be shown: an invalid one may contain a password. */
export function displayNodeUrl(text: string): string {
  return typeof nodeOrigin(text) === 'string' ? text : '***';
}

/**
 * A meta node's URL as `http://host:8091` (lower case, no trailing slash, always with the port; default 8091), or its
 * problem.
 */
export function nodeOrigin(text: string): string | NodeUrlProblem {
  if (/[\s\u0000-\u001f\u007f-\u009f]/.test(text)) return { problem: 'contains a space or a control character' };
  const authority = /^https?:\/\/([^/?#\\]*)/i.exec(text)?.[1];
  if (authority === undefined) return { problem: 'does not start with http:// or https://' };
  if (authority.includes('@')) return { problem: 'contains a user name' };
  const url = tryParseUrl(text);
  if (url === undefined) return { problem: 'is invalid' };
  if (!/^https?:\/\/[^/?#\\]*\/?$/i.test(text)) return { problem: 'has a path or a query' };
  const { protocol, hostname, port } = url;
  if (!isHostName(hostname)) return { problem: 'has characters that are not allowed in a host name' };
  const defaultPort = protocol === 'https:' ? '443' : '80';
  return `${protocol}//${hostname}:${port || (/:\d+$/.test(authority) ? defaultPort : metaPort)}`;
}

/** A URL as a client of Kapacitor reads it. */
interface SplitUrl {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path and query as they were written; `/` where none was. */
  readonly target: string;
  readonly hasPath: boolean;
  /** User and password, percent-decoded. */
  readonly account: readonly [name: string, password: string] | undefined;
}

/** The error of credentials in a URL that are not percent-encoded; `instead` names flags that need no encoding. */
export function unencodedCredentials(where: string, instead: string): KapadminError {
  return usageError(
    'bad-url',
    `${where}: the credentials in the URL are not percent-encoded`,
    `Write %25 for %, %40 for @, %3A for :, %2F for /, %3F for ?, %23 for #; or use ${instead}.`,
  );
}

const kapacitorPath = /^\/(kapacitor|write|ping|query|debug|api)([/?#]|$)/;

/** Whether a raw /, ? or # of a password seems to end the host: the rest contains an @ and is not a Kapacitor path. */
function hasUnencodedCredentials(url: string): boolean {
  const [, scheme = '', authority = '', rest = ''] = /^(https?:\/\/)([^/?#]*)([^]*)$/i.exec(url) ?? [];
  if (!authority.includes(':') || !rest.includes('@')) return false;
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return !kapacitorPath.test(rest) || tryParseUrl(scheme + host) === undefined;
}

/**
 * Splits an http or https URL without changing a byte of its path. `where` names the flag or variable in an error; the
 * URL is not shown. `instead` names flags for credentials that need no encoding.
 */
export function splitUrl(url: string, where: string, instead = '--user with --password-stdin'): SplitUrl {
  if (hasUnencodedCredentials(url)) throw unencodedCredentials(where, instead);
  const parts = /^(https?:\/\/)(?:([^/?#]*)@)?([^/?#@]+)([^#]*)/i.exec(url);
  if (parts === null || tryParseUrl(`${parts[1]}${parts[3]}`) === undefined)
    throw usageError(
      'bad-url',
      `${where}: not an http or https URL with a host`,
      'Use http://HOST:9092 or https://HOST:9092.',
    );
  const [, scheme = '', info, host = '', rest = ''] = parts;
  const target = rest.startsWith('/') ? rest : `/${rest}`;
  const split = { origin: scheme.toLowerCase() + host, target, hasPath: rest !== '' && rest !== '/' };
  if (info === undefined) return { ...split, account: undefined };
  const colon = info.indexOf(':');
  try {
    const name = decodeURIComponent(colon < 0 ? info : info.slice(0, colon));
    return { ...split, account: [name, colon < 0 ? '' : decodeURIComponent(info.slice(colon + 1))] };
  } catch {
    throw unencodedCredentials(where, instead);
  }
}

const secretParameter = /^(?:p|pw|pass|passwd|password|token|secret)$/i;

function decodedName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/**
 * A path with other values in its query for the parameters that are passwords or may be meant as one, however their
 * names are written. A `;` or `?` ends no value, but a parameter may follow it.
 * @param replace gets the name, decoded, and the value as it is written
 */
export function replaceQuerySecrets(target: string, replace: (name: string, value: string) => string): string {
  const [path = '', ...rest] = target.split('?');
  if (rest.length === 0) return target;
  const replaced = (text: string, pairs: RegExp): string =>
    text.replace(pairs, (pair, start: string, name: string, value: string) => {
      const decoded = decodedName(name);
      return secretParameter.test(decoded) ? `${start}${name}=${replace(decoded, value)}` : pair;
    });
  const query = replaced(rest.join('?'), /(^|&)([^&=]*)=([^&]*)/g);
  return `${path}?${replaced(query, /([;?])([^&;?=]*)=([^&]*)/g)}`;
}

/** A path with its query as it may be shown: its passwords are `***`. */
export function displayTarget(target: string): string {
  return replaceQuerySecrets(target, () => '***');
}

/** The host of a `HOST:PORT`, without brackets; empty if missing. */
export function addressHost(address: string): string {
  return address.replace(/:[^:\]]*$/, '').replace(/^\[(.*)\]$/, '$1');
}

/** The port of a `HOST:PORT`; undefined if missing. */
export function addressPort(address: string): number | undefined {
  const port = /:(\d{1,5})$/.exec(address)?.[1];
  return port === undefined ? undefined : Number(port);
}

/** Whether a host is this machine and no other can reach it. */
export function isLoopback(host: string): boolean {
  return host === '::1' || host.toLowerCase() === 'localhost' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The problem of an address, and the corrected address if it is certain. */
interface AddressFault {
  /** As the end of a sentence about it. */
  readonly what: string;
  readonly fixed: string | undefined;
  /** It was a URL of https: TLS is meant. */
  readonly isHttps: boolean;
}

const plainHost = /^\w(?:[\w.-]*[\w.])?$/;

function isHost(text: string): boolean {
  if (plainHost.test(text)) return true;
  return /^(?:[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_.])?|\[[0-9A-Fa-f:.]+(?:%25[\w.-]+)?\])$/u.test(text);
}

function isAddress(text: string): boolean {
  const [, host = ' ', port = ''] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  return (host === '' || isHost(host)) && Number(port) > 0 && Number(port) <= 65535;
}

interface AddressParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly twoPorts: readonly [host: string, first: string, second: string] | undefined;
}

function addressParts(text: string): AddressParts {
  const [, scheme = '', authority = '', path = ''] =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)(.*)$/is.exec(text.trim()) ?? [];
  const [, host, first, second] = /^(.*):(\d+):(\d+)$/.exec(authority.trim()) ?? [];
  const isTwice = host !== undefined && first !== undefined && second !== undefined && isHost(host);
  return {
    scheme: scheme.toLowerCase(),
    authority: authority.trim(),
    path,
    twoPorts: isTwice ? [host, first, second] : undefined,
  };
}

function fixedOf({ scheme, authority, twoPorts }: AddressParts, port: number): string | undefined {
  if (!['', 'http', 'https'].includes(scheme)) return undefined;
  if (twoPorts !== undefined && twoPorts[1] !== twoPorts[2]) return undefined;
  const once = twoPorts === undefined ? authority : `${twoPorts[0]}:${twoPorts[1]}`;
  const fixed = isHost(once) ? `${once}:${port}` : once;
  return isAddress(fixed) ? fixed : undefined;
}

/** Why an address is not `HOST:PORT`; undefined if it is. `port` is the default. */
export function addressFault(text: string, port = Number(metaPort)): AddressFault | undefined {
  if (isAddress(text)) return undefined;
  const pieces = addressParts(text);
  const { scheme, authority, path, twoPorts } = pieces;
  const problems: readonly (readonly [boolean, string])[] = [
    [/\s/.test(text), 'contains a space'],
    [scheme !== '', 'starts with a scheme'],
    [authority.includes('@'), 'contains a user name'],
    [/[,;]/.test(authority), 'names several nodes'],
    [path !== '', 'has a path'],
    [twoPorts !== undefined, 'has two ports'],
    [isHost(authority), 'has no port'],
  ];
  const faults = problems.filter(([is]) => is).map(([, what]) => what);
  const what = faults.length === 0 ? 'is not HOST:PORT' : faults.join(', ');
  return { what, fixed: fixedOf(pieces, port), isHttps: scheme === 'https' };
}

/** A text percent-encoded for a URL that is shown or simulated; half a pair of UTF-16, which has no form in one, is U+FFFD. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, '\ufffd'));
}
