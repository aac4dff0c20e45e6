import { isIPv6 } from './net.js';

/** Go's url.URL, strings in binary form. */
export interface Url {
  readonly scheme: string;
  readonly opaque: string;
  readonly user: { readonly name: string; readonly password: string | undefined } | undefined;
  readonly host: string;
  /** Decoded. */
  readonly path: string;
  /** As received, if that differs from the default escaping; else empty. */
  readonly rawPath: string;
  readonly forceQuery: boolean;
  readonly rawQuery: string;
  readonly omitHost: boolean;
}

const emptyUrl: Url = {
  scheme: '',
  opaque: '',
  user: undefined,
  host: '',
  path: '',
  rawPath: '',
  forceQuery: false,
  rawQuery: '',
  omitHost: false,
};

const port = /^(:[0-9]*)?$/;

/** The content of brackets: an IPv6 address, with a zone after `%25`. */
function parseBracketed(text: string): string | undefined {
  const at = text.indexOf('%25');
  const address = unescapeUrl(at < 0 ? text : text.slice(0, at), 'host');
  const zone = at < 0 ? '' : unescapeUrl(text.slice(at), 'zone');
  if (address === undefined || zone === undefined || zone === '%' || !isIPv6(address)) return undefined;
  return address + zone;
}

/** net/url parseHost (urlstrictcolons=0): only the text after the last colon must be a port. */
function parseHost(host: string): string | undefined {
  const open = host.lastIndexOf('[');
  if (open > 0) return undefined;
  if (open === 0) {
    const close = host.lastIndexOf(']');
    if (close < 0 || !port.test(host.slice(close + 1))) return undefined;
    const name = parseBracketed(host.slice(1, close));
    return name === undefined ? undefined : `[${name}]${host.slice(close + 1)}`;
  }
  const colon = host.lastIndexOf(':');
  if (colon >= 0 && !port.test(host.slice(colon))) return undefined;
  return unescapeUrl(host, 'host');
}

const userinfo = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;

function parseAuthority(authority: string): Pick<Url, 'user' | 'host'> | undefined {
  const at = authority.lastIndexOf('@');
  const host = parseHost(authority.slice(at + 1));
  if (host === undefined) return undefined;
  if (at < 0) return { user: undefined, host };
  const info = authority.slice(0, at);
  if (!userinfo.test(info)) return undefined;
  const colon = info.indexOf(':');
  const name = unescapeUrl(colon < 0 ? info : info.slice(0, colon), 'user');
  const password = colon < 0 ? '' : unescapeUrl(info.slice(colon + 1), 'user');
  if (name === undefined || password === undefined) return undefined;
  return { user: { name, password: colon < 0 ? undefined : password }, host };
}

/** The scheme in front and the rest; undefined for a `:` at the beginning. */
function cutScheme(text: string): [scheme: string, rest: string] | undefined {
  if (text.startsWith(':')) return undefined;
  const scheme = /^([A-Za-z][A-Za-z0-9+\-.]*):/.exec(text)?.[1];
  return scheme === undefined ? ['', text] : [scheme.toLowerCase(), text.slice(scheme.length + 1)];
}

function cutQuery(text: string): Pick<Url, 'forceQuery' | 'rawQuery'> & { rest: string } {
  const at = text.indexOf('?');
  if (at < 0) return { rest: text, forceQuery: false, rawQuery: '' };
  return { rest: text.slice(0, at), forceQuery: at === text.length - 1, rawQuery: text.slice(at + 1) };
}

/**
 * Go's url.ParseRequestURI (`viaRequest`) or url.Parse without the fragment; undefined if Go reports an error.
 * @param text binary
 */
export function parseUrl(text: string, viaRequest: boolean): Url | undefined {
  if (/[\u0000-\u001f\u007f]/.test(text) || (text === '' && viaRequest)) return undefined;
  if (text === '*') return { ...emptyUrl, path: '*' };
  const schemeAndRest = cutScheme(text);
  if (schemeAndRest === undefined) return undefined;
  const [scheme, afterScheme] = schemeAndRest;
  const { rest, forceQuery, rawQuery } = cutQuery(afterScheme);
  const base = { ...emptyUrl, scheme, forceQuery, rawQuery };
  if (!rest.startsWith('/')) {
    if (scheme !== '') return { ...base, opaque: rest };
    if (viaRequest || rest.split('/')[0]!.includes(':')) return undefined;
  }
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || (!viaRequest && !rest.startsWith('///')));
  if (!hasAuthority) return withPath({ ...base, omitHost: scheme !== '' && rest.startsWith('/') }, rest);
  const slash = rest.indexOf('/', 2);
  const authority = parseAuthority(slash < 0 ? rest.slice(2) : rest.slice(2, slash));
  return authority === undefined ? undefined : withPath({ ...base, ...authority }, slash < 0 ? '' : rest.slice(slash));
}

function withPath(url: Url, escapedPath: string): Url | undefined {
  const path = unescapeUrl(escapedPath, 'path');
  if (path === undefined) return undefined;
  return { ...url, path, rawPath: escapeUrl(path, 'path') === escapedPath ? '' : escapedPath };
}

function validEncoded(path: string): boolean {
  for (const char of path) if (!"!$&'()*+,;=:@[]%".includes(char) && shouldEscape(char, 'path')) return false;
  return true;
}

/** URL.EscapedPath: the path as received if that is a valid encoding, else escaped again. */
export function escapedPath(url: Url): string {
  if (url.rawPath !== '' && validEncoded(url.rawPath) && unescapeUrl(url.rawPath, 'path') === url.path)
    return url.rawPath;
  return url.path === '*' ? '*' : escapeUrl(url.path, 'path');
}

function authorityText(url: Url): string {
  if (url.scheme === '' && url.host === '' && url.user === undefined) return '';
  if (url.omitHost && url.host === '' && url.user === undefined) return '';
  const slashes = url.host !== '' || url.path !== '' || url.user !== undefined ? '//' : '';
  const password = url.user?.password === undefined ? '' : `:${escapeUrl(url.user.password, 'user')}`;
  const user = url.user === undefined ? '' : `${escapeUrl(url.user.name, 'user')}${password}@`;
  return slashes + user + escapeUrl(url.host, 'host');
}

/** URL.String, without the fragment. */
export function formatUrl(url: Url): string {
  let text = url.scheme === '' ? '' : `${url.scheme}:`;
  if (url.opaque !== '') {
    text += url.opaque;
  } else {
    text += authorityText(url);
    const path = escapedPath(url);
    if (path !== '' && !path.startsWith('/') && url.host !== '') text += '/';
    if (text === '' && path.split('/')[0]!.includes(':')) text += './';
    text += path;
  }
  return url.forceQuery || url.rawQuery !== '' ? `${text}?${url.rawQuery}` : text;
}

/** net/url resolvePath, on escaped paths. */
function resolvePath(base: string, reference: string): string {
  const joined =
    reference === ''
      ? base
      : reference.startsWith('/')
        ? reference
        : base.slice(0, base.lastIndexOf('/') + 1) + reference;
  if (joined === '') return '';
  let result = '/';
  let first = true;
  const elements = joined.split('/');
  for (const element of elements) {
    if (element === '.') {
      first = false;
    } else if (element === '..') {
      const at = result.lastIndexOf('/');
      result = at >= 1 ? result.slice(0, at) : '/';
      first = result.length === 1;
    } else {
      result += (first ? '' : '/') + element;
      first = false;
    }
  }
  const last = elements.at(-1);
  if (last === '.' || last === '..') result += '/';
  return result.length > 1 && result[1] === '/' ? result.slice(1) : result;
}

/** URL.Parse of a reference (without its fragment) against a base; undefined if Go reports an error. */
export function resolveUrl(base: Url, reference: string): Url | undefined {
  const hash = reference.indexOf('#');
  if (hash >= 0 && unescapeUrl(reference.slice(hash + 1), 'fragment') === undefined) return undefined;
  const parsed = parseUrl(hash < 0 ? reference : reference.slice(0, hash), false);
  if (parsed === undefined) return undefined;
  const url = { ...parsed, scheme: parsed.scheme === '' ? base.scheme : parsed.scheme };
  if (parsed.scheme !== '' || parsed.host !== '' || parsed.user !== undefined) {
    return withPath(url, resolvePath(escapedPath(parsed), ''));
  }
  const keepsQuery = parsed.path === '' && !parsed.forceQuery && parsed.rawQuery === '';
  const merged = { ...url, host: base.host, user: base.user, rawQuery: keepsQuery ? base.rawQuery : url.rawQuery };
  return withPath(merged, resolvePath(escapedPath(base), escapedPath(parsed)));
}

/** The part of a URL to escape for (Go's net/url encoding modes). */
export type UrlPart = 'path' | 'host' | 'zone' | 'user' | 'query' | 'fragment';

const unreserved = /[A-Za-z0-9\-_.~]/;

/** Characters that are not escaped in each part, besides the unreserved ones (net/url shouldEscape). */
const unescapedChars: Readonly<Record<UrlPart, string>> = {
  path: '$&+,/:;=@',
  host: '!$&\'()*+,;=:[]<>"',
  zone: '!$&\'()*+,;=:[]<>"',
  user: '$&+,;=',
  query: '',
  fragment: '$&+,/:;=?@!()*',
};

export function shouldEscape(char: string, part: UrlPart): boolean {
  return !unreserved.test(char) && !unescapedChars[part].includes(char);
}

/** Go's URL escaping of a binary string; in a query, a space becomes `+`. */
export function escapeUrl(binary: string, part: UrlPart): string {
  let text = '';
  for (const char of binary) {
    if (char === ' ' && part === 'query') text += '+';
    else if (!shouldEscape(char, part)) text += char;
    else text += `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

const escaped = /^%[0-9A-Fa-f]{2}$/;

/** Go's URL unescaping; undefined on error. */
export function unescapeUrl(text: string, part: UrlPart): string | undefined {
  let binary = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '%') {
      const sequence = text.slice(i, i + 3);
      if (!escaped.test(sequence)) return undefined;
      const code = parseInt(sequence.slice(1), 16);
      if (part === 'host' && code < 0x80 && sequence !== '%25') return undefined;
      if (part === 'zone' && sequence !== '%25' && code !== 0x20 && shouldEscape(String.fromCharCode(code), part)) {
        return undefined;
      }
      binary += String.fromCharCode(code);
      i += 2;
    } else if (char === '+' && part === 'query') {
      binary += ' ';
    } else if ((part === 'host' || part === 'zone') && char < '\u0080' && shouldEscape(char, part)) {
      return undefined;
    } else {
      binary += char;
    }
  }
  return binary;
}

/** The pairs of a query as url.ParseQuery takes them: malformed ones and those with `;` are left out. */
export function parseUrlQuery(rawQuery: string): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (const part of rawQuery.split('&')) {
    if (part === '' || part.includes(';')) continue;
    const at = part.indexOf('=');
    const name = unescapeUrl(at < 0 ? part : part.slice(0, at), 'query');
    const value = at < 0 ? '' : unescapeUrl(part.slice(at + 1), 'query');
    if (name !== undefined && value !== undefined) pairs.push([name, value]);
  }
  return pairs;
}

/** The first value of a name, or "" (url.Values.Get). */
export function queryValue(pairs: readonly (readonly [string, string])[], name: string): string {
  return pairs.find(([key]) => key === name)?.[1] ?? '';
}

/** url.Values.Encode of pairs sorted by name. */
export function encodeQuery(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `${escapeUrl(name, 'query')}=${escapeUrl(value, 'query')}`).join('&');
}

/** Go's path.Clean: the shortest equal path; `.` for an empty one. */
export function cleanPath(path: string): string {
  if (path === '') return '.';
  const isAbsolute = path.startsWith('/');
  const result: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') result.push(part);
    else if (result.length > 0 && result.at(-1) !== '..') result.pop();
    else if (!isAbsolute) result.push(part);
  }
  const joined = result.join('/');
  if (isAbsolute) return `/${joined}`;
  return joined === '' ? '.' : joined;
}

/** Go's path.Join of two elements; empty ones are left out. */
export function joinPath(first: string, second: string): string {
  const parts = [first, second].filter((part) => part !== '');
  return parts.length === 0 ? '' : cleanPath(parts.join('/'));
}
