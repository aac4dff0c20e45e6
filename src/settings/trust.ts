import path from 'node:path';
import { usageError } from '../errors.js';
import type { Context } from '../context.js';
import { nodeOrigin } from '../model/node-url.js';
import { commandLine } from '../model/shell-command.js';
import { escapeControls } from '../model/text.js';
import { userFolder } from './config-find.js';
import type { Gathered } from './gather.js';
import { placeOf } from './origin.js';
import { secretParts, type PartName } from './parts.js';

const largest = 1024 * 1024;
const heading =
  '# Meta nodes that may get your credentials though only a working tree names them (kapadmin profile trust).';

/** The file of the hosts that `profile trust` allowed, undefined where the user has no folder. */
export function trustPath(context: Context): string | undefined {
  const folder = userFolder(context);
  return folder === undefined ? undefined : path.join(folder, 'trusted');
}

/** The nodes that were allowed, as `http://host:8091`. */
export async function trustedNodes(context: Context): Promise<readonly string[]> {
  const file = trustPath(context);
  const found = file === undefined ? undefined : await context.files.readIfThere(file, largest);
  if (found === undefined) return [];
  if (context.uid !== undefined && (found.uid !== context.uid || (found.mode & 0o022) !== 0)) {
    const shown = escapeControls(file ?? '');
    throw usageError('trust-too-open', `${shown} can be written by others`, 'It must be your own and of mode 0600.');
  }
  return found.text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** Adds nodes to the trusted ones (mode 0600, the folder 0700) unless it is a dry run; resolves to the file's path. */
export async function trustNodes(context: Context, nodes: readonly string[], dryRun: boolean): Promise<string> {
  const file = trustPath(context);
  if (file === undefined) throw usageError('no-home', 'there is no folder of yours: HOME is not set', 'Set HOME.');
  const all = [...new Set([...(await trustedNodes(context)), ...nodes])].toSorted();
  if (dryRun) return file;
  await context.files.makeFolder(path.dirname(file), 0o700);
  await context.files.writeWhole(file, `${heading}\n${all.join('\n')}\n`, 0o600);
  return file;
}

function ownNodes({ config }: Gathered): readonly string[] {
  const urls = [...(config?.profiles.values() ?? [])].flatMap((layer) => layer.get('url')?.texts ?? []);
  return urls.map(nodeOrigin).filter((node) => typeof node === 'string');
}

/** Where those credentials come from that were neither given as flags nor will be typed. */
function ownCredentials({ given }: Gathered): readonly string[] {
  const names: readonly PartName[] = ['username', ...secretParts, 'cert', 'key'];
  return names.flatMap((name) => {
    const value = given.get(name);
    return value === undefined || value.origin.from === 'flag' ? [] : [placeOf(value.origin, name)];
  });
}

/**
 * The nodes that only the working tree names. Throws a usage error when credentials of the user's own would go to one
 * of them.
 */
export async function checkTrust(
  gathered: Gathered,
  nodes: readonly string[],
  context: Context,
): Promise<readonly string[]> {
  const url = gathered.given.get('url');
  if (url?.origin.from !== 'working-tree') return [];
  const known = new Set([...ownNodes(gathered), ...(await trustedNodes(context))]);
  const strange = nodes.filter((node) => !known.has(node));
  const [place] = ownCredentials(gathered);
  if (strange.length === 0 || place === undefined) return strange;
  const message = `${placeOf(url.origin, 'url')} names ${strange.join(', ')}: the credentials of ${place} are not sent there`;
  throw usageError('untrusted-node', message, `If you trust it: ${commandLine('kapadmin profile trust', strange)}`);
}
