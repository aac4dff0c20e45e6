import type { Url } from '../../go-compat/url.js';
import { type HttpRequest, parseRequest, rewritePreview } from '../../auth-engine/request.js';
import {
  findVerdict,
  handlerResponse,
  type HandlerResponse,
  type Trace,
  type VerdictStep,
} from '../../auth-engine/trace.js';
import { compactJson, errorPage, prettyJson, renderRoutePage, type RoutePage } from './routes.js';

/** A response of the daemon; strings are binary, header names as Go writes them. */
export interface SimulatedResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** How many times the body is compressed. */
  readonly gzip: number;
}

/** The values in response headers. */
export interface ResponseIdentity {
  readonly requestId: string;
  /** As in `X-Kapacitor-Version`. */
  readonly release: string;
}

const json = 'application/json; charset=utf-8';

const cors = [
  ['Access-Control-Allow-Methods', 'DELETE, GET, OPTIONS, POST, PATCH'],
  [
    'Access-Control-Allow-Headers',
    'Accept, Accept-Encoding, Authorization, Content-Length, Content-Type, X-CSRF-Token, X-HTTP-Method-Override',
  ],
] as const;

const bare = (status: number, headers: SimulatedResponse['headers'], body: string): SimulatedResponse => ({
  status,
  headers,
  body,
  gzip: 0,
});

/** What Go's HTTP server writes by itself to what it does not take, before it closes the connection. */
const badRequest = bare(
  400,
  [
    ['Content-Type', 'text/plain; charset=utf-8'],
    ['Connection', 'close'],
  ],
  '400 Bad Request',
);

/** Any other method, whatever the path. */
const unrouted = bare(404, [['Content-Type', json]], errorPage(404, 'Not Found').body);

/** The whole response to a method that node:http does not parse. */
export const unknownMethodResponse = [
  'HTTP/1.1 404 Not Found',
  ...[...unrouted.headers, ['Content-Length', unrouted.body.length], ['Connection', 'close']].map((header) =>
    header.join(': '),
  ),
  '',
  unrouted.body,
].join('\r\n');

function escapeHtml(text: string): string {
  const escapes: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&#34;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (char) => escapes[char] ?? char);
}

/** net/http Redirect. */
function redirect(method: string, location: string): SimulatedResponse {
  if (method !== 'GET' && method !== 'HEAD') return bare(301, [['Location', location]], '');
  const link = escapeHtml(location);
  const headers = [
    ['Content-Type', 'text/html; charset=utf-8'],
    ['Location', location],
  ] as const;
  return bare(301, headers, method === 'GET' ? `<a href="${link}">Moved Permanently</a>.\n\n` : '');
}

function denial({ status, message, plain }: VerdictStep): RoutePage {
  const error = message ?? '';
  return { status: status ?? 403, body: plain ? `${error}\n` : compactJson({ error, message: error }) };
}

function handlerPage({ status, json: value, text = '' }: HandlerResponse): RoutePage {
  return { status, body: value === undefined ? text : prettyJson(value) };
}

/** The rounds that a request ran through: each way over v1preview adds one. */
function roundsOf(trace: Trace): number {
  return 1 + trace.filter((step) => step.kind === 'preview').length;
}

/** The URL that the last round was about. */
function lastUrl(trace: Trace, url: Url): Url {
  let { path } = url;
  for (let round = 1; round < roundsOf(trace); round++) path = rewritePreview(path);
  return { ...url, path };
}

/** A response through a route: with the headers of every pass, compressed in every pass if the client accepts it. */
function routed(
  page: RoutePage,
  rounds: number,
  header: (name: string) => string,
  identity: ResponseIdentity,
): SimulatedResponse {
  const origin = header('origin');
  const isGzip = header('accept-encoding').includes('gzip');
  const headers: (readonly [string, string])[] = [
    ['Content-Type', page.contentType ?? json],
    ['Request-Id', identity.requestId],
    ...Array.from({ length: rounds }, () => ['X-Kapacitor-Version', identity.release] as const),
  ];
  if (origin !== '') headers.push(['Access-Control-Allow-Origin', origin], ...cors);
  if (isGzip) headers.push(['Content-Encoding', 'gzip']);
  return { status: page.status, headers, body: page.body, gzip: isGzip ? rounds : 0 };
}

function optionsResponse(header: (name: string) => string, requestId: string): SimulatedResponse {
  const origin = header('origin');
  const allowed = origin === '' ? [] : ([['Access-Control-Allow-Origin', origin], ...cors] as const);
  return bare(200, [['Request-Id', requestId], ...allowed], '');
}

/** The response to a decision (services/httpd/handler.go). */
export function buildResponse(trace: Trace, request: HttpRequest, identity: ResponseIdentity): SimulatedResponse {
  const verdict = findVerdict(trace);
  const read = parseRequest(request);
  if (verdict.verdict === 'bad-request' || !read.ok) {
    return read.ok ? bare(400, [['Connection', 'close']], '') : badRequest;
  }
  const { method, target, body = '' } = request;
  const { url, header } = read;
  if (verdict.verdict === 'unrouted') return unrouted;
  if (verdict.verdict === 'redirect') return redirect(method, verdict.location ?? '');
  if (method === 'OPTIONS') {
    return target === '*' ? bare(200, [], '') : optionsResponse(header, identity.requestId);
  }
  const known = handlerResponse(trace);
  const call = { method, url: lastUrl(trace, url), body };
  const page =
    verdict.verdict === 'deny' ? denial(verdict) : known === undefined ? renderRoutePage(call) : handlerPage(known);
  return routed(page, roundsOf(trace), header, identity);
}
