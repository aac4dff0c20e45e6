import { usageError } from '../errors.js';

/** A URL as a client of Kapacitor takes it. */
export interface SplitUrl {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path and query as they were written; `/` where none was. */
  readonly target: string;
  readonly hasPath: boolean;
  /** User and password, percent-decoded. */
  readonly account: readonly [name: string, password: string] | undefined;
}

/** Splits an http or https URL without changing a byte of its path. `where` names it in an error; its text is not shown. */
export function splitUrl(url: string, where: string): SplitUrl {
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
    throw usageError(
      'bad-url',
      `${where}: the credentials in the URL are not percent-encoded`,
      'Write %25 for %, %40 for @, %3A for :, %2F for /, %3F for ?, %23 for #; or use --user with --password-stdin.',
    );
  }
}

/** The Authorization header of Basic; name and password as UTF-8. */
export function basicHeader(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`, 'utf8').toString('base64')}`;
}
