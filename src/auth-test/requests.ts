import { KapadminError, usageError } from '../errors.js';
import { toBinary } from '../go-compat/utf8.js';
import type { HttpRequest } from '../auth-engine/request.js';
import { endpoints } from '../model/endpoints.js';
import type { Secret } from '../model/secret.js';
import { basicHeader, displayTarget, splitUrl } from '../model/urls.js';
import { splitUserName, type SplitUserName } from '../diagnostics/login/notes.js';
import { parseGoDuration } from '../go-compat/duration.js';
import { excerpt } from '../model/text.js';

/** What a login test asks for, in words. */
export interface TestRequestOptions {
  readonly url: string;
  /** The flag or variable that the URL comes from. */
  readonly urlSource: '--url' | 'KAPACITOR_URL';
  readonly method?: string;
  readonly header?: readonly string[];
  readonly user?: string;
}

/** A request to try, and the origin that it would go to. */
export interface TestRequest {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly request: HttpRequest;
  readonly method: string;
  readonly path: string;
  readonly what: string | undefined;
  /** The name of the account, where Basic cuts it. */
  readonly cutName?: SplitUserName | undefined;
  /** Its database stands for all that have no name here: no command can be about it. */
  readonly isAnyDatabase?: boolean;
}

function readHeader(text: string, i: number): readonly [string, string] {
  const colon = text.indexOf(':');
  if (colon > 0) return [toBinary(text.slice(0, colon)), toBinary(text.slice(colon + 1).trim())];
  throw usageError('bad-header', `--header: number ${i + 1} is not of the form "Name: value"`);
}

/**
 * The requests of a login test: the one of the URL, or the standard endpoints where it has no path.
 * @param password of `--user` @param token a bearer token
 */
export function buildTestRequests(
  options: TestRequestOptions,
  password: Secret | undefined,
  token: Secret | undefined,
): readonly TestRequest[] {
  const { origin, target, hasPath, account } = splitUrl(options.url, options.urlSource);
  if (account !== undefined && options.user !== undefined) {
    throw usageError(
      'two-users',
      `--user and the credentials in ${options.urlSource} exclude each other`,
      'Give one of them.',
    );
  }
  const headers = (options.header ?? []).map(readHeader);
  if (token !== undefined) headers.push(['Authorization', `Bearer ${toBinary(token.reveal())}`]);
  else if (options.user !== undefined)
    headers.push(['Authorization', basicHeader(options.user, password?.reveal() ?? '')]);
  else if (account !== undefined) headers.push(['Authorization', basicHeader(...account)]);
  const named = headers.some(([name]) => name.toLowerCase() === 'host');
  if (!named) headers.push(['Host', toBinary(origin.replace(/^https?:\/\//, ''))]);
  const name = options.user ?? account?.[0];
  const cutName = token === undefined && name !== undefined ? splitUserName(name) : undefined;
  const asked = (method: string, path: string, what?: string): TestRequest => ({
    origin,
    request: { method: toBinary(method), target: toBinary(path), headers },
    method,
    path: displayTarget(path),
    what,
    ...(cutName === undefined ? {} : { cutName }),
  });
  if (hasPath) return [asked(options.method ?? 'GET', target)];
  if (options.method !== undefined) {
    throw new KapadminError('usage', 'no-path', '--method needs a path in --url', {
      hint: 'Without a path the standard endpoints are shown, each with its own method.',
    });
  }
  return endpoints.filter((one) => one.isDefault).map((one) => asked(one.method, one.path, one.what));
}

/** A write without a database, to this one. */
export function withDatabase(asked: TestRequest, database: string, what: string): TestRequest {
  const query = `${asked.path.includes('?') ? '&' : '?'}db=${encodeURIComponent(database)}`;
  const { request } = asked;
  return { ...asked, request: { ...request, target: request.target + query }, path: asked.path + query, what };
}

/** A moment of the daemon's life, as it is written and in nanoseconds since its start. */
export interface TimePoint {
  readonly text: string;
  readonly now: number;
}

function nanoseconds(text: string): number {
  const { nanoseconds: value } = parseGoDuration(text);
  if (value !== undefined && value >= 0n) return Number(value);
  throw usageError('bad-duration', `--at: "${excerpt(text, 40)}" is not a duration such as 5m or 90s`);
}

/** The moments of `--at 0s,5m`; one without a name where it is not given. */
export function parseTimePoints(at: string | undefined): readonly TimePoint[] {
  if (at === undefined) return [{ text: '', now: 0 }];
  const texts = at.split(',').map((text) => text.trim());
  const moments = texts.map((text) => ({ text, now: nanoseconds(text) }));
  const back = moments.find(({ now }, i) => i > 0 && now < moments[i - 1]!.now);
  if (back === undefined) return moments;
  throw usageError('bad-duration', `--at: ${back.text} lies before the moment in front of it`);
}
