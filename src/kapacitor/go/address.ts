/** The port of a `host:port`, or Go's text of why there is none. */
export type PortReading = { readonly port: string } | { readonly error: string };

/** What Go's net.SplitHostPort finds wrong with an address. */
function fault(address: string): string | undefined {
  const lastColon = address.lastIndexOf(':');
  if (lastColon < 0) return 'missing port in address';
  const bracketed = address.startsWith('[');
  const end = address.indexOf(']');
  if (bracketed) {
    if (end < 0) return "missing ']' in address";
    if (end + 1 !== lastColon)
      return address[end + 1] === ':' ? 'too many colons in address' : 'missing port in address';
  } else if (address.indexOf(':') !== lastColon) {
    return 'too many colons in address';
  }
  if (address.includes('[', bracketed ? 1 : 0)) return "unexpected '[' in address";
  return address.includes(']', bracketed ? end + 1 : 0) ? "unexpected ']' in address" : undefined;
}

/** Go's net.SplitHostPort, of which only the port is wanted. */
export function portOf(address: string): PortReading {
  const why = fault(address);
  if (why !== undefined) return { error: address === '' ? why : `address ${address}: ${why}` };
  return { port: address.slice(address.lastIndexOf(':') + 1) };
}
