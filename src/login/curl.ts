import { shellQuote } from '../model/shell.js';

/** A request as a curl line for a POSIX shell; its secrets are masked already, but for the Authorization header. */
export function curlLine(url: string, isAuthorized: boolean, flags: readonly string[] = []): string {
  const account = isAuthorized ? ['-H', 'Authorization: ***'] : [];
  return ['curl', ...flags, ...account, url].map(shellQuote).join(' ');
}
