import { parseUrl, type Url } from '../go-compat/url.js';

/** A request as it stands on the wire; strings are binary. */
export interface HttpRequest {
  readonly method: string;
  /** The request target as it is sent: path and query, or an absolute URL. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As it was sent, still compressed; nothing where it is left out. */
  readonly body?: string;
}

export type ReadRequest =
  | { readonly ok: true; readonly url: Url; readonly header: (name: string) => string }
  | { readonly ok: false; readonly reason: 'method' | 'target' | 'header' };

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const headerValue = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

const host = /^[0-9A-Za-z!$%&()*+,\-.:;=[\]'_~]*$/;

function readTarget(method: string, target: string): Url | undefined {
  if (/[ \r\n]/.test(target)) return undefined;
  const authority = method === 'CONNECT' && !target.startsWith('/');
  return parseUrl(authority ? `http://${target}` : target, true);
}

/** Headers that the server itself reads: one readable Host, one length (net/http, readTransfer, conn.readRequest). */
function isFramed(name: string, value: string, first: string | undefined): boolean {
  if (name === 'host') return first === undefined && host.test(value);
  if (name !== 'content-length') return true;
  return /^\d+$/.test(value) && BigInt(value) < 2n ** 63n && (first ?? value) === value;
}

/** What Go's HTTP server makes of a request; not `ok` where it answers 400 itself (net/http, readRequest). */
export function readRequest(request: HttpRequest): ReadRequest {
  if (!token.test(request.method)) return { ok: false, reason: 'method' };
  const url = readTarget(request.method, request.target);
  if (url === undefined) return { ok: false, reason: 'target' };
  const values = new Map<string, string>();
  for (const [name, raw] of request.headers) {
    const value = raw.replace(/^[ \t]+|[ \t]+$/g, '');
    const key = name.toLowerCase();
    const first = values.get(key);
    if (!token.test(name) || !headerValue.test(value) || !isFramed(key, value, first)) {
      return { ok: false, reason: 'header' };
    }
    if (first === undefined) values.set(key, value);
  }
  return { ok: true, url, header: (name) => values.get(name.toLowerCase()) ?? '' };
}
