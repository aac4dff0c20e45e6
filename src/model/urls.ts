import { type KapadminError, usageError } from '../errors.js';

const metaPort = '8091';

/** Whether a URL's host has only characters of host names and addresses: a URL may also have `;{},$()&'`. */
export function isHostName(host: string): boolean {
  return /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$/.test(host);
}

/** What is wrong with a URL of a meta node, as the end of a sentence about it. */
export interface NodeUrlProblem {
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
  if (!URL.canParse(text)) return { problem: 'is not a URL' };
  if (!/^https?:\/\/[^/?#\\]*\/?$/i.test(text)) return { problem: 'has a path or a query' };
  const { protocol, hostname, port } = new URL(text);
  if (!isHostName(hostname)) return { problem: 'has characters that are not allowed in a host name' };
  const defaultPort = protocol === 'https:' ? '443' : '80';
  return `${protocol}//${hostname}:${port || (/:\d+$/.test(authority) ? defaultPort : metaPort)}`;
}

/** A URL as a client of Kapacitor reads it. */
export interface SplitUrl {
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
  return !kapacitorPath.test(rest) || !URL.canParse(scheme + host);
}

/**
 * Splits an http or https URL without changing a byte of its path. `where` names the flag or variable in an error; the
 * URL is not shown. `instead` names flags for credentials that need no encoding.
 */
export function splitUrl(url: string, where: string, instead = '--user with --password-stdin'): SplitUrl {
  if (hasUnencodedCredentials(url)) throw unencodedCredentials(where, instead);
  const parts = /^(https?:\/\/)(?:([^/?#]*)@)?([^/?#@]+)([^#]*)/i.exec(url);
  if (parts === null || !URL.canParse(`${parts[1]}${parts[3]}`))
    throw usageError('bad-url', `${where}: not an http or https URL with a host`);
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
