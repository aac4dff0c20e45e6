/** The port of a `host:port`, or Go's error text. */
export type PortResult = { readonly port: string } | { readonly error: string };

/** The error of Go's net.SplitHostPort. */
function addressError(address: string): string | undefined {
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

/** The port of Go's net.SplitHostPort. */
export function parsePort(address: string): PortResult {
  const error = addressError(address);
  if (error !== undefined) return { error: address === '' ? error : `address ${address}: ${error}` };
  return { port: address.slice(address.lastIndexOf(':') + 1) };
}

const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`^${octet}(\\.${octet}){3}$`);

/** Whether netip.ParseAddr takes the text as an IPv6 address (no zone). */
export function isIPv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [i, half] of halves.entries()) {
    if (half === '') continue;
    const parts = half.split(':');
    for (const [k, part] of parts.entries()) {
      const last = i === halves.length - 1 && k === parts.length - 1;
      if (last && ipv4.test(part)) groups += 2;
      else if (/^[0-9a-f]{1,4}$/i.test(part)) groups += 1;
      else return false;
    }
  }
  return halves.length === 2 ? groups < 8 : groups === 8;
}
