/** The host of a `HOST:PORT`, without brackets; empty if missing. */
export function addressHost(address: string): string {
  return address.replace(/:[^:\]]*$/, '').replace(/^\[(.*)\]$/, '$1');
}

/** The port of a `HOST:PORT`; undefined if missing. */
export function addressPort(address: string): number | undefined {
  const port = /:(\d{1,5})$/.exec(address)?.[1];
  return port === undefined ? undefined : Number(port);
}

/** Whether a host is this machine and no other can reach it. */
export function isLoopback(host: string): boolean {
  return host === '::1' || host.toLowerCase() === 'localhost' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The problem of an address, and the corrected address if it is certain. */
export interface AddressFault {
  /** As the end of a sentence about it. */
  readonly what: string;
  readonly fixed: string | undefined;
  /** It was a URL of https: TLS is meant. */
  readonly isHttps: boolean;
}

const metaPort = 8091;
const plainHost = /^\w(?:[\w.-]*[\w.])?$/;
const oneHost = /^(?:[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_.])?|\[[0-9A-Fa-f:.]+(?:%25[\w.-]+)?\])$/u;

function isAddress(text: string): boolean {
  const [, host = ' ', port = ''] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  return (host === '' || plainHost.test(host) || oneHost.test(host)) && Number(port) > 0 && Number(port) <= 65535;
}

interface AddressParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly twoPorts: readonly [host: string, first: string, second: string] | undefined;
}

function addressParts(text: string): AddressParts {
  const [, scheme = '', authority = '', path = ''] =
    /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)(.*)$/is.exec(text.trim()) ?? [];
  const [, host, first, second] = /^(.*):(\d+):(\d+)$/.exec(authority.trim()) ?? [];
  const isTwice = host !== undefined && first !== undefined && second !== undefined && oneHost.test(host);
  return {
    scheme: scheme.toLowerCase(),
    authority: authority.trim(),
    path,
    twoPorts: isTwice ? [host, first, second] : undefined,
  };
}

function fixedOf({ scheme, authority, twoPorts }: AddressParts, port: number): string | undefined {
  if (!['', 'http', 'https'].includes(scheme)) return undefined;
  if (twoPorts !== undefined && twoPorts[1] !== twoPorts[2]) return undefined;
  const once = twoPorts === undefined ? authority : `${twoPorts[0]}:${twoPorts[1]}`;
  const fixed = oneHost.test(once) ? `${once}:${port}` : once;
  return isAddress(fixed) ? fixed : undefined;
}

/** Why an address is not `HOST:PORT`; undefined if it is. `port` is the default. */
export function addressFault(text: string, port = metaPort): AddressFault | undefined {
  if (isAddress(text)) return undefined;
  const pieces = addressParts(text);
  const { scheme, authority, path, twoPorts } = pieces;
  const problems: readonly (readonly [boolean, string])[] = [
    [/\s/.test(text), 'contains a space'],
    [scheme !== '', 'starts with a scheme'],
    [authority.includes('@'), 'contains a user name'],
    [/[,;]/.test(authority), 'names several nodes'],
    [path !== '', 'has a path'],
    [twoPorts !== undefined, 'has two ports'],
    [oneHost.test(authority), 'has no port'],
  ];
  const faults = problems.filter(([is]) => is).map(([, what]) => what);
  const what = faults.length === 0 ? 'is not HOST:PORT' : faults.join(', ');
  return { what, fixed: fixedOf(pieces, port), isHttps: scheme === 'https' };
}
