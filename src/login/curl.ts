import { ShellCommand } from '../model/shell-command.js';

/** A request as a curl line for a POSIX shell; its secrets are masked already, but for the Authorization header. */
export function curlLine(url: string, isAuthorized: boolean, flags: readonly string[] = []): ShellCommand {
  const account = isAuthorized ? ['-H', 'Authorization: ***'] : [];
  return new ShellCommand(['curl', ...flags, ...account, url]);
}
