import { excerpt, nearest } from './text.js';

/** A method and path of Kapacitor's HTTP API, below /kapacitor/v1 where the path does not say otherwise. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'HEAD';
  readonly path: string;
  /** What it does. */
  readonly what: string;
  /** Shown by `auth test` when no path is given. */
  readonly isDefault?: true;
}

const kapacitorBasePath = '/kapacitor/v1';

type Row = readonly [method: Endpoint['method'], path: string, what: string, isDefault?: true];

/** What can be made, read, changed and deleted by an ID. */
function crud(noun: string, path: string): readonly Row[] {
  return [
    ['GET', path, `list ${noun}s`],
    ['POST', path, `create a ${noun}`],
    ['GET', `${path}/ID`, `read a ${noun}`],
    ['PATCH', `${path}/ID`, `change a ${noun}`],
    ['DELETE', `${path}/ID`, `delete a ${noun}`],
  ];
}

const rows: readonly Row[] = [
  ['GET', '/tasks', 'read tasks', true],
  ['POST', '/tasks', 'write tasks', true],
  ['DELETE', '/tasks/ID', 'delete tasks', true],
  ['GET', '/tasks/ID', 'read a task'],
  ['PATCH', '/tasks/ID', 'change, enable or disable a task'],
  ['GET', '/tasks/ID/NODE', 'read the output of an httpOut node'],
  ...crud('template', '/templates'),
  ['GET', '/recordings', 'list recordings'],
  ['GET', '/recordings/ID', 'read a recording'],
  ['DELETE', '/recordings/ID', 'delete a recording'],
  ['POST', '/recordings/stream', 'record a stream'],
  ['POST', '/recordings/batch', 'record the queries of a batch task'],
  ['POST', '/recordings/query', 'record a query'],
  ['GET', '/replays', 'list replays'],
  ['POST', '/replays', 'replay a recording'],
  ['GET', '/replays/ID', 'read a replay'],
  ['DELETE', '/replays/ID', 'delete a replay'],
  ['POST', '/replays/batch', 'replay a batch without a recording'],
  ['POST', '/replays/query', 'replay a query without a recording'],
  ['GET', '/alerts/topics', 'list alert topics'],
  ['GET', '/alerts/topics/ID', 'read an alert topic'],
  ['DELETE', '/alerts/topics/ID', 'delete an alert topic'],
  ['GET', '/alerts/topics/ID/events', 'list the events of a topic'],
  ['GET', '/alerts/topics/ID/events/EVENT', 'read an event'],
  ...crud('handler of a topic', '/alerts/topics/ID/handlers'),
  ['PUT', '/alerts/topics/ID/handlers/ID', 'replace a handler of a topic'],
  ['GET', '/config', 'read the configuration', true],
  ['POST', '/config/SECTION', 'change the configuration', true],
  ['GET', '/config/SECTION', 'read a section of the configuration'],
  ['GET', '/config/SECTION/ELEMENT', 'read an element of a section'],
  ['POST', '/config/SECTION/ELEMENT', 'change an element of a section'],
  ['GET', '/users', "list the users of Kapacitor's own store"],
  ['POST', '/users', 'create a user in that store'],
  ['GET', '/users/NAME', 'read a user of that store'],
  ['PATCH', '/users/NAME', 'change a user of that store'],
  ['DELETE', '/users/NAME', 'delete a user of that store'],
  ['GET', '/service-tests', 'list services that can be tested'],
  ['GET', '/service-tests/SERVICE', 'read the options of a service test'],
  ['POST', '/service-tests/SERVICE', 'test a service'],
  ['GET', '/storage/backup', 'back up the store'],
  ['GET', '/storage/stores', 'list the stores'],
  ['POST', '/storage/stores/ID', 'rebuild a store'],
  ['POST', '/sideload/reload', 'reload the sideload sources'],
  ['POST', '/subscriptions', 'relink the subscriptions'],
  ['POST', '/loglevel', 'set the log level'],
  ['GET', '/:routes', 'list the routes'],
  ['GET', '/debug/vars', 'read statistics'],
  ['GET', '/debug/pprof/', 'profile the daemon'],
  ['GET', '/ping', 'ping', true],
  ['HEAD', '/ping', 'ping without a response body'],
  ['POST', '/write', 'write points (and WriteData on the database)', true],
];

/** The endpoints of Kapacitor 1.6 and later. */
export const endpoints: readonly Endpoint[] = [
  ...rows.map(([method, path, what, isDefault]) => ({
    method,
    path: kapacitorBasePath + path,
    what,
    ...(isDefault === undefined ? {} : { isDefault }),
  })),
  { method: 'POST', path: '/write', what: 'write points as to InfluxDB (and WriteData on the database)' },
  { method: 'GET', path: '/kapacitor/v1preview/logs', what: 'follow the logs' },
];

/** Flux tasks, which exist if `[fluxtask] enabled` is set (task/http/task_service.go). */
const otherRoutes: readonly Pick<Endpoint, 'method' | 'path'>[] = (['GET', 'POST', 'PATCH', 'DELETE'] as const).flatMap(
  (method) => [
    { method, path: '/kapacitor/v1/api/v2/tasks' },
    { method, path: '/kapacitor/v1/api/v2/tasks/ID' },
  ],
);

const previewBase = '/kapacitor/v1preview';

/** What the router knows of a method: paths, and those that end in a slash with all below them. */
interface Route {
  readonly method: string;
  readonly pattern: string;
}

const isPlaceholder = (segment: string): boolean => /^[A-Z]+$/.test(segment);

function patternOf(path: string): string {
  const segments = path.split('/');
  const at = segments.findIndex(isPlaceholder);
  return at < 0 ? path : `${segments.slice(0, at).join('/')}/`;
}

const routes: readonly Route[] = [...endpoints, ...otherRoutes].map(({ method, path }) => ({
  method,
  pattern: patternOf(path),
}));

/** Below v1preview everything is as in v1, except the logs, which exist only there. */
function toStablePath(path: string): string {
  return path.startsWith(`${previewBase}/`) && path !== `${previewBase}/logs`
    ? kapacitorBasePath + path.slice(previewBase.length)
    : path;
}

/** The methods that Kapacitor's router accepts for a decoded path; it responds with 404 to others, and with 200 to OPTIONS. */
function methodsOf(path: string): readonly string[] {
  const known = toStablePath(path);
  const found = routes.filter(({ pattern }) => (pattern.endsWith('/') ? known.startsWith(pattern) : known === pattern));
  return [...new Set(found.map(({ method }) => method))];
}

/** The path of an endpoint with its placeholders filled from the given path. */
function fillPlaceholders(path: string, given: readonly string[]): string {
  return path
    .split('/')
    .map((segment, i) => (isPlaceholder(segment) ? (given[i] ?? segment) : segment))
    .join('/');
}

/** The path that an unknown one most likely means. */
function suggestPath(method: string, path: string): string | undefined {
  const known = toStablePath(path);
  const rooted = known.startsWith(`${kapacitorBasePath}/`) ? known : kapacitorBasePath + known;
  if (methodsOf(rooted).includes(method)) return rooted;
  const given = rooted.split('/');
  const likely = endpoints.filter((one) => one.path.startsWith(`${kapacitorBasePath}/`));
  const candidates = [...likely.filter((one) => one.method === method), ...likely].map((one) =>
    fillPlaceholders(one.path, given).slice(kapacitorBasePath.length),
  );
  const found = nearest(rooted.slice(kapacitorBasePath.length), candidates);
  return found === undefined ? undefined : kapacitorBasePath + found;
}

/**
 * The message for a request that Kapacitor allows but has no endpoint for; undefined if it has one.
 * @param path decoded
 */
export function noEndpointMessage(method: string, path: string): string | undefined {
  if (method === 'OPTIONS') return undefined;
  const methods = methodsOf(path);
  if (methods.includes(method)) return undefined;
  const shown = excerpt(path, 200);
  const below = endpoints.find((one) => one.method === method && one.path.startsWith(`${toStablePath(path)}/`));
  const likely = below?.path ?? suggestPath(method, path);
  const question = likely === undefined ? '' : ` Did you mean "${excerpt(likely, 200)}"?`;
  if (methods.length > 0) {
    const allowed = `Allowed methods: ${methods.join(', ')}.`;
    return `Kapacitor has no endpoint ${method} ${shown}: it would respond with 404. ${allowed}${below === undefined ? '' : question}`;
  }
  return `Kapacitor has no endpoint ${shown}: it would respond with 404.${question}`;
}
