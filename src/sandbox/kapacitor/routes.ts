import { parseFirstJson } from '../../go-compat/json.js';
import { parseUrlQuery, queryValue, type Url, formatUrl } from '../../go-compat/url.js';
import { quote } from '../../go-compat/strconv.js';
import { toBinary, toText } from '../../go-compat/utf8.js';
import { compactJson, prettyJson } from './go-json.js';

/** An allowed request; strings are binary. */
export interface RouteCall {
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
export function renderPage(call: RouteCall): RoutePage {
  const route = findRoute(call.method, call.url.path);
  return route.page(call, call.url.path.slice(route.pattern.length));
}
