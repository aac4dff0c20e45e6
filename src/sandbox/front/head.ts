import { readRequest, type HttpRequest } from '../../kapacitor/request.js';
import { serverError, type Answer } from './answers.js';

export interface RequestLine {
  readonly method: string;
  readonly target: string;
  readonly major: number;
  readonly minor: number;
}

/** A request's line and header, as net/http takes them; strings are binary. */
export interface Head {
  readonly request: HttpRequest;
  readonly isHttp11: boolean;
  /** The connection ends after the answer. */
  readonly closes: boolean;
  /** HTTP/1.0 that asks to stay. */
  readonly keepAlive10: boolean;
  readonly expects: 'nothing' | 'continue' | 'unknown';
  /** The length of the body in bytes. */
  readonly length: number | 'chunked';
}

type Headers = HttpRequest['headers'];
type Taken<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly answer: Answer };

const refused = (answer: Answer): { readonly ok: false; readonly answer: Answer } => ({ ok: false, answer });

export const badRequest: Answer = serverError(400, 'Bad Request');
export const headerTooLarge: Answer = serverError(431, 'Request Header Fields Too Large');
const unsupportedEncoding: Answer = serverError(501, 'Not Implemented', 'Unsupported transfer encoding');

const because = (reason: string): Answer => serverError(400, `Bad Request: ${reason}`);

/** net/http readRequest, up to the end of the first line. */
export function parseRequestLine(line: string): Taken<RequestLine> {
  const [, method = '', target = '', version = ''] = /^([^ ]*) ([^ ]*) (.*)$/s.exec(line) ?? [];
  const [, major, minor] = /^HTTP\/(\d)\.(\d)$/.exec(version) ?? [];
  if (major === undefined || !readRequest({ method, target, headers: [] }).ok) return refused(badRequest);
  return { ok: true, value: { method, target, major: Number(major), minor: Number(minor) } };
}

/** Lines that begin with a blank belong to the one before them (net/textproto, readContinuedLineSlice). */
function joinContinued(lines: readonly string[]): string[] | undefined {
  const joined: string[] = [];
  for (const line of lines) {
    const text = line.replace(/^[ \t]+|[ \t]+$/g, '');
    const last = joined.at(-1);
    if (!/^[ \t]/.test(line)) {
      if (!line.includes(':')) return undefined;
      joined.push(text);
    } else if (last === undefined) return undefined;
    else joined[joined.length - 1] = `${last} ${text}`;
  }
  return joined;
}

/** net/textproto ReadMIMEHeader: a name may hold blanks here, which are refused later. */
function parseHeaders(lines: readonly string[]): Headers | undefined {
  const headers: [string, string][] = [];
  for (const line of joinContinued(lines) ?? ['']) {
    const [, name, value] = /^([!#$%&'*+\-.^_`|~0-9A-Za-z ]+):([\t\u0020-\u007e\u0080-\u00ff]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return undefined;
    headers.push([name, value.replace(/^[ \t]+/, '')]);
  }
  return headers;
}

function valuesOf(headers: Headers, name: string): string[] {
  return headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
}

function hasToken(value: string, token: string): boolean {
  return value
    .toLowerCase()
    .split(/[ ,\t]/)
    .includes(token);
}

/** net/http parseTransferEncoding and fixLength. */
function bodyLength(headers: Headers, isHttp11: boolean): Taken<number | 'chunked'> {
  const encodings = isHttp11 ? valuesOf(headers, 'transfer-encoding') : [];
  const isChunked = encodings.length > 0;
  if (encodings.length > 1 || (isChunked && encodings[0]?.toLowerCase() !== 'chunked')) {
    return refused(unsupportedEncoding);
  }
  const lengths = new Set(valuesOf(headers, 'content-length').map((value) => value.replace(/^[ \t]+|[ \t]+$/g, '')));
  const [length = '0'] = lengths;
  const isNumber = /^\d+$/.test(length) && BigInt(length) < 2n ** 63n;
  if (lengths.size > 1 || !isNumber) return refused(badRequest);
  return { ok: true, value: isChunked ? 'chunked' : Number(length) };
}

const host = /^[0-9A-Za-z!$%&()*+,\-.:;=[\]'_~]*$/;

/** What net/http finds wrong with a header that can be read, in its order. */
function headerFault(line: RequestLine, headers: Headers, isHttp11: boolean): Answer | undefined {
  const hosts = valuesOf(headers, 'host');
  if (line.major !== 1) return serverError(505, 'HTTP Version Not Supported: unsupported protocol version');
  if (isHttp11 && hosts.length === 0 && line.method !== 'CONNECT') return because('missing required Host header');
  if (!host.test(hosts[0] ?? '')) return because('malformed Host header');
  return headers.some(([name]) => name.includes(' ')) ? because('invalid header name') : undefined;
}

/** A request of its line and its header lines, or how the HTTP server answers it (net/http, conn.readRequest). */
export function parseHead(line: RequestLine, lines: readonly string[]): Taken<Head> {
  const { method, target, major, minor } = line;
  const headers = parseHeaders(lines);
  if (headers === undefined || valuesOf(headers, 'host').length > 1) return refused(badRequest);
  const isHttp11 = major > 1 || (major === 1 && minor > 0);
  const length = bodyLength(headers, isHttp11);
  if (!length.ok) return length;
  const fault = headerFault(line, headers, isHttp11);
  if (fault !== undefined) return refused(fault);
  const connections = valuesOf(headers, 'connection');
  const closing = connections.some((value) => hasToken(value, 'close'));
  const staying = connections.some((value) => hasToken(value, 'keep-alive'));
  const [expected = ''] = valuesOf(headers, 'expect');
  const expects = expected === '' ? 'nothing' : hasToken(expected, '100-continue') ? 'continue' : 'unknown';
  return {
    ok: true,
    value: {
      request: { method, target, headers },
      isHttp11,
      closes: closing || (!isHttp11 && !staying),
      keepAlive10: !isHttp11 && hasToken(connections[0] ?? '', 'keep-alive'),
      expects: expects === 'continue' && (!isHttp11 || length.value === 0) ? 'nothing' : expects,
      length: length.value,
    },
  };
}
