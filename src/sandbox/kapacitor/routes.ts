import { parseFirstJson } from '../../go-compat/json.js';
import { formatUrl, parseUrlQuery, queryValue, type Url } from '../../go-compat/url.js';
import { quote } from '../../go-compat/strconv.js';
import { decodeRune, toBinary, toText } from '../../go-compat/utf8.js';
import type { JsonBody } from '../../auth-engine/trace.js';

const named: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escaped(codePoint: number): string {
  return `\\u${codePoint.toString(16).padStart(4, '0')}`;
}

/** A binary string as encoding/json writes it (encode.go, appendString, with escapeHTML). */
function jsonQuote(binary: string): string {
  let text = '"';
  for (let at = 0; at < binary.length;) {
    const { codePoint, width, invalid } = decodeRune(binary, at);
    const bytes = binary.slice(at, at + width);
    at += width;
    if (named[bytes] !== undefined) text += named[bytes];
    else if (invalid || codePoint < 0x20 || '<>&'.includes(bytes)) text += escaped(codePoint);
    else if (codePoint === 0x2028 || codePoint === 0x2029) text += escaped(codePoint);
    else text += bytes;
  }
  return `${text}"`;
}

/** The members of an array or object, each already written. */
function members(value: Exclude<JsonBody, string>, colon: string, write: (value: JsonBody) => string): string[] {
  if (Array.isArray(value)) return value.map((item: JsonBody) => write(item));
  return Object.entries<JsonBody>(value as { readonly [key: string]: JsonBody }).map(
    ([key, item]) => jsonQuote(key) + colon + write(item),
  );
}

/** Go's json.Marshal. */
export function compactJson(value: JsonBody): string {
  if (typeof value === 'string') return jsonQuote(value);
  const text = members(value, ':', compactJson).join(',');
  return Array.isArray(value) ? `[${text}]` : `{${text}}`;
}

/** Go's json.MarshalIndent with four blanks. */
export function prettyJson(value: JsonBody, margin = ''): string {
  if (typeof value === 'string') return jsonQuote(value);
  const inner = `${margin}    `;
  const lines = members(value, ': ', (item) => prettyJson(item, inner));
  const text = lines.length === 0 ? '' : `\n${lines.map((line) => inner + line).join(',\n')}\n${margin}`;
  return Array.isArray(value) ? `[${text}]` : `{${text}}`;
}

/** An allowed request; strings are binary. */
interface RouteCall {
  readonly method: string;
  /** With the path that the last round was about. */
  readonly url: Url;
  readonly body: string;
}

export interface RoutePage {
  readonly status: number;
  readonly body: string;
  /** Absent: that of JSON. */
  readonly contentType?: string;
}

interface Route {
  readonly method: string;
  /** A path, or where it ends in a slash all that is below it. */
  readonly pattern: string;
  /** `rest` is the path after the pattern. */
  readonly page: (call: RouteCall, rest: string) => RoutePage;
}

const base = '/kapacitor/v1';
const noContent: RoutePage = { status: 204, body: '' };

export function errorPage(status: number, error: string): RoutePage {
  return { status, body: prettyJson({ error, message: error }) };
}

const notFound = errorPage(404, 'Not Found');

/** Creating or changing something: anything but a JSON object is rejected, and a sandbox stores nothing. */
const refuse = ({ body }: RouteCall): RoutePage => {
  const parsed = parseFirstJson(body);
  return parsed.ok && parsed.value.kind === 'object' ? notFound : errorPage(400, 'invalid JSON');
};

/** A collection that holds nothing: its list, one of it by name, the deletion of one. */
function empty(name: string, what: string, missing: RoutePage): Route[] {
  const list: RoutePage = { status: 200, body: prettyJson({ [name]: [] }) };
  const nameless = errorPage(400, `must specify ${what} on path`);
  const pattern = `${base}/${name}/`;
  return [
    { method: 'GET', pattern: `${base}/${name}`, page: () => list },
    { method: 'GET', pattern, page: (_, rest) => (rest === '' ? nameless : missing) },
    { method: 'DELETE', pattern, page: (_, rest) => (rest === '' ? nameless : noContent) },
    { method: 'POST', pattern: `${base}/${name}`, page: refuse },
    { method: 'PATCH', pattern, page: (call, rest) => (rest === '' ? nameless : refuse(call)) },
  ];
}

function topics({ url }: RouteCall): RoutePage {
  return { status: 200, body: prettyJson({ link: { rel: 'self', href: formatUrl(url) }, topics: [] }) };
}

function topic(_: RouteCall, rest: string): RoutePage {
  return errorPage(404, `unknown topic: ${toBinary(quote(rest.split('/')[0] ?? ''))}`);
}

const config: RoutePage = {
  status: 200,
  body: `${compactJson({ link: { rel: 'self', href: `${base}/config` }, sections: {} })}\n`,
};

function section(_: RouteCall, rest: string): RoutePage {
  if (rest === '') return errorPage(400, "section not specified, do you have an extra trailing '/'?");
  return errorPage(404, `unknown section: ${rest.split('/')[0] ?? ''}`);
}

const levels: ReadonlySet<string> = new Set(['INFO', 'ERROR', 'DEBUG']);
const goKinds = { boolean: 'bool', number: 'number', string: 'string', array: 'array', object: 'object' } as const;

/** services/httpd/handler.go, serveLogLevel; without a body nothing changes. */
function logLevel({ body }: RouteCall): RoutePage {
  if (body === '') return noContent;
  const parsed = parseFirstJson(body);
  if (!parsed.ok) return errorPage(400, `invalid json: ${parsed.error}`);
  const { value } = parsed;
  const mismatch = (kind: keyof typeof goKinds, into: string): RoutePage =>
    errorPage(400, `invalid json: json: cannot unmarshal ${goKinds[kind]} into Go ${into}`);
  if (value.kind !== 'object' && value.kind !== 'null') {
    return mismatch(value.kind, 'value of type client.LogLevelOptions');
  }
  const named = value.kind === 'null' ? [] : value.entries.filter(([key]) => key.toLowerCase() === 'level');
  let level = '';
  for (const [, item] of named) {
    if (item.kind === 'string') level = toText(item.value).toUpperCase();
    else if (item.kind !== 'null') return mismatch(item.kind, 'struct field LogLevelOptions.level of type string');
  }
  return levels.has(level) ? noContent : errorPage(400, 'invalid log level');
}

/** services/httpd/handler.go, serveWriteLine, for points that can be read and a database that is allowed. */
function write({ url }: RouteCall): RoutePage {
  if (queryValue(parseUrlQuery(url.rawQuery), 'db') !== '') return noContent;
  return { status: 400, body: 'database is required\n' };
}

const html = 'text/html; charset=utf-8';

/** The responses of an empty Kapacitor; the longest matching pattern wins (services/httpd/mux.go). */
const routes: readonly Route[] = [
  { method: 'GET', pattern: `${base}/ping`, page: () => noContent },
  { method: 'HEAD', pattern: `${base}/ping`, page: () => noContent },
  ...empty('tasks', 'task id', errorPage(404, 'no task exists')),
  ...empty('templates', 'template id', errorPage(404, 'no template exists')),
  ...empty('recordings', 'recording id', errorPage(500, 'error finding recording: no recording exists')),
  ...empty('replays', 'replay id', errorPage(404, 'could not find replay: no replay exists')),
  { method: 'GET', pattern: `${base}/alerts/topics`, page: topics },
  { method: 'GET', pattern: `${base}/alerts/topics/`, page: topic },
  { method: 'GET', pattern: `${base}/config`, page: () => config },
  { method: 'GET', pattern: `${base}/config/`, page: section },
  { method: 'POST', pattern: `${base}/loglevel`, page: logLevel },
  { method: 'POST', pattern: `${base}/write`, page: write },
  { method: 'POST', pattern: '/write', page: write },
  {
    method: 'GET',
    pattern: `${base}/debug/vars`,
    page: () => ({ status: 200, body: '{\n"product": "kapacitor"\n}\n' }),
  },
  { method: 'GET', pattern: `${base}/debug/pprof/`, page: () => ({ status: 200, body: '', contentType: html }) },
];

const unknown: Route = { method: '', pattern: '/', page: () => notFound };

function fits({ pattern }: Route, path: string): boolean {
  return pattern.endsWith('/') ? path.startsWith(pattern) : path === pattern;
}

/** The route of a method and a decoded path; the last one is 404 for everything. */
function findRoute(method: string, path: string): Route {
  const fitting = routes.filter((route) => route.method === method && fits(route, path));
  return fitting.reduce((best, route) => (route.pattern.length > best.pattern.length ? route : best), unknown);
}

/** A route's response to an allowed request. */
export function renderRoutePage(call: RouteCall): RoutePage {
  const route = findRoute(call.method, call.url.path);
  return route.page(call, call.url.path.slice(route.pattern.length));
}
