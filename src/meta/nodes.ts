import { usageError } from '../errors.js';
import { isHostName, nodeOrigin } from '../model/node-url.js';

/** A meta node: where requests go, and its name for people. */
export interface Target {
  /** `http://host:8091`, without a slash at the end. */
  readonly origin: string;
  /** Host and port, the port always given. */
  readonly host: string;
  readonly scheme: 'http:' | 'https:';
}

/** Host and port of a URL, the port always given. */
export function hostOf(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}

/** The server of an http or https URL; undefined for other schemes, and for what is no host name. */
export function targetOf(url: URL): Target | undefined {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  if (!isHostName(url.hostname)) return undefined;
  return { origin: url.origin, host: hostOf(url), scheme: url.protocol };
}

/** A wrong URL is not shown: a password may stand anywhere in it. */
function bad(why: string): Error {
  return usageError('bad-meta-url', `the meta URL ${why}`, 'Give it as http://HOST:8091 or https://HOST:8091.');
}

/** A node URL as given by a user; the port 8091 stands in where none is given. Throws a usage error. */
export function parseNode(text: string): Target {
  const node = nodeOrigin(text);
  const target = typeof node === 'string' ? targetOf(new URL(node)) : undefined;
  if (target !== undefined) return target;
  throw bad(typeof node === 'string' ? 'is not a URL' : node.fault);
}

/** The distinct nodes of a list of URLs. */
export function parseNodes(texts: readonly string[]): readonly Target[] {
  if (texts.length === 0) throw usageError('no-meta-url', 'no meta node is given', 'name one: --meta-url URL');
  return [...new Map(texts.map(parseNode).map((node) => [node.origin, node])).values()];
}
