import { basePath, endpoints, otherRoutes } from './endpoints.js';
import { nearest } from './nearest.js';
import { excerpt } from './text.js';

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

/** Below v1preview everything is that of v1, but for the logs, which are there alone. */
function promoted(path: string): string {
  return path.startsWith(`${previewBase}/`) && path !== `${previewBase}/logs`
    ? basePath + path.slice(previewBase.length)
    : path;
}

/** The methods that Kapacitor's router takes for a decoded path; it answers 404 to others, and 200 to any OPTIONS. */
function methodsOf(path: string): readonly string[] {
  const known = promoted(path);
  const found = routes.filter(({ pattern }) => (pattern.endsWith('/') ? known.startsWith(pattern) : known === pattern));
  return [...new Set(found.map(({ method }) => method))];
}

/** The path of an endpoint, with the names of the given path in its placeholders. */
function filledIn(path: string, given: readonly string[]): string {
  return path
    .split('/')
    .map((segment, i) => (isPlaceholder(segment) ? (given[i] ?? segment) : segment))
    .join('/');
}

/** The path that a wrong one most likely means. */
function meant(method: string, path: string): string | undefined {
  const known = promoted(path);
  const rooted = known.startsWith(`${basePath}/`) ? known : basePath + known;
  if (methodsOf(rooted).includes(method)) return rooted;
  const given = rooted.split('/');
  const likely = endpoints.filter((one) => one.path.startsWith(`${basePath}/`));
  const candidates = [...likely.filter((one) => one.method === method), ...likely].map((one) =>
    filledIn(one.path, given).slice(basePath.length),
  );
  const found = nearest(rooted.slice(basePath.length), candidates);
  return found === undefined ? undefined : basePath + found;
}

/**
 * What to say of a request that Kapacitor lets in and has no endpoint for; undefined where it has one.
 * @param path decoded, as text
 */
export function noEndpoint(method: string, path: string): string | undefined {
  if (method === 'OPTIONS') return undefined;
  const methods = methodsOf(path);
  if (methods.includes(method)) return undefined;
  const shown = excerpt(path, 200);
  if (methods.length > 0) {
    return `Kapacitor has no endpoint ${method} ${shown}: it would answer 404. The path takes ${methods.join(', ')}.`;
  }
  const likely = meant(method, path);
  const question = likely === undefined ? '' : ` Did you mean "${excerpt(likely, 200)}"?`;
  return `Kapacitor has no endpoint ${shown}: it would answer 404.${question}`;
}
