import type { MetaEvent } from '../meta/event.js';
import { escapeHidden, jsonForm } from '../model/escape.js';
import { ShellCommand } from '../model/shell-command.js';

type Request = Extract<MetaEvent, { type: 'request' }>;

/** The files of a connection's certificates and key. */
export interface TlsFiles {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

const silent = new Set(['user-agent', 'content-length', 'host', 'connection']);

function accountWords(account: Request['account']): readonly string[] {
  if (account.kind === 'none') return [];
  return account.kind === 'basic' ? ['-u', `${account.username}:***`] : ['-H', 'Authorization: Bearer ***'];
}

/** A request as a curl line for a POSIX shell, its secrets as `***`. */
export function curlLine(request: Request, tls: TlsFiles, insecure: boolean): ShellCommand {
  const { ca, cert, key } = tls;
  const secure = request.url.startsWith('https:');
  const files = [
    ...(ca === undefined ? [] : ['--cacert', ca]),
    ...(cert === undefined ? [] : ['--cert', cert]),
    ...(key === undefined ? [] : ['--key', key]),
    ...(insecure ? ['--insecure'] : []),
  ];
  const headers = Object.entries(request.headers).filter(([name]) => !silent.has(name.toLowerCase()));
  const words = [
    'curl',
    ...(request.method === 'GET' ? [] : ['-X', request.method]),
    ...(secure ? files : []),
    ...accountWords(request.account),
    ...headers.flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...(request.body === undefined ? [] : ['--data-raw', escapeHidden(request.body, jsonForm)]),
    request.url,
  ];
  return new ShellCommand(words);
}
