import type { MetaAccount } from '../meta/client-types.js';
import { escapeHidden, jsonForm } from '../model/text.js';
import { ShellCommand } from '../model/shell-command.js';

/** A request as it may be shown: its secrets are masked. */
export interface ReportedCurlRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `other`: an Authorization header of any kind. */
  readonly account: MetaAccount | { readonly kind: 'other' };
  readonly body?: string | undefined;
}

/** The connection options that a curl command needs. */
export interface CurlOptions {
  readonly tls?: TlsFilePaths;
  readonly insecure?: boolean;
  /** Flags that come first. */
  readonly flags?: readonly string[];
}

/** The files of a connection's certificates and key. */
export interface TlsFilePaths {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

const omittedHeaders = new Set(['user-agent', 'content-length', 'host', 'connection']);

function credentialArguments(account: ReportedCurlRequest['account']): readonly string[] {
  if (account.kind === 'none') return [];
  if (account.kind === 'other') return ['-H', 'Authorization: ***'];
  return account.kind === 'basic' ? ['-u', `${account.username}:***`] : ['-H', 'Authorization: Bearer ***'];
}

/** A request as a curl line for a POSIX shell, its secrets as `***`. */
export function curlLine(request: ReportedCurlRequest, options: CurlOptions = {}): ShellCommand {
  const { tls: { ca, cert, key } = {}, insecure = false, flags = [] } = options;
  const { method = 'GET' } = request;
  const secure = request.url.startsWith('https:');
  const files = [
    ...(ca === undefined ? [] : ['--cacert', ca]),
    ...(cert === undefined ? [] : ['--cert', cert]),
    ...(key === undefined ? [] : ['--key', key]),
    ...(insecure ? ['--insecure'] : []),
  ];
  const headers = Object.entries(request.headers ?? {}).filter(([name]) => !omittedHeaders.has(name.toLowerCase()));
  const words = [
    'curl',
    ...flags,
    ...(method === 'GET' ? [] : ['-X', method]),
    ...(secure ? files : []),
    ...credentialArguments(request.account),
    ...headers.flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...(request.body === undefined ? [] : ['--data-raw', escapeHidden(request.body, jsonForm)]),
    request.url,
  ];
  return new ShellCommand(words);
}
