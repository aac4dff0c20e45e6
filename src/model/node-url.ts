const metaPort = '8091';

/** Whether a host of a URL holds only what host names and addresses do: a URL takes `;{},$()&'` too. */
export function isHostName(host: string): boolean {
  return /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$/.test(host);
}

/** What is wrong with a URL of a meta node, as the end of a sentence about it. */
export interface NodeFault {
  readonly fault: string;
}

/** A URL of a meta node as it may be shown: a password may stand anywhere in a wrong one. */
export function shownNodeUrl(text: string): string {
  return typeof nodeOrigin(text) === 'string' ? text : '***';
}

/**
 * A meta node's URL as `http://host:8091` (lower case, no slash at the end, the port always there); the port 8091
 * stands in where none is given. Or what is wrong with it.
 */
export function nodeOrigin(text: string): string | NodeFault {
  if (/[\s\u0000-\u001f\u007f-\u009f]/.test(text)) return { fault: 'holds a blank or a control character' };
  const authority = /^https?:\/\/([^/?#\\]*)/i.exec(text)?.[1];
  if (authority === undefined) return { fault: 'does not begin with http:// or https://' };
  if (authority.includes('@')) return { fault: 'holds a user name' };
  if (!URL.canParse(text)) return { fault: 'is not a URL' };
  if (!/^https?:\/\/[^/?#\\]*\/?$/i.test(text)) return { fault: 'has a path or a query' };
  const { protocol, hostname, port } = new URL(text);
  if (!isHostName(hostname)) return { fault: 'has characters that no host name has' };
  const standard = protocol === 'https:' ? '443' : '80';
  return `${protocol}//${hostname}:${port || (/:\d+$/.test(authority) ? standard : metaPort)}`;
}
