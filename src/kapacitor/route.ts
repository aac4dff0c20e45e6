import type { DaemonSettings } from './daemon.js';
import { basePath, neededPrivilege } from './decide.js';
import { cleanPath } from '../go-compat/path.js';
import { urlText, type Url } from '../go-compat/url.js';
import type { OpenStep } from './trace.js';

interface Onward {
  readonly away: false;
  /** To be rewritten to v1 and run again once it is let through. */
  readonly preview: boolean;
  /** A write of points, which needs the database besides. */
  readonly write: boolean;
}

/** Where a request goes before any credential is looked at. */
export type Routed =
  | { readonly away: true; readonly to: 'bad-request' }
  | { readonly away: true; readonly to: 'unrouted' }
  | { readonly away: true; readonly to: 'redirect'; readonly path: string }
  | (Onward & { readonly to: 'open'; readonly why: OpenStep['why']; readonly rule: string })
  | (Onward & { readonly to: 'authentication' });

const previewBase = '/kapacitor/v1preview';

/** services/httpd/mux.go, cleanPath: a trailing slash is kept, an empty path is `/`. */
function canonical(path: string): string {
  if (path === '') return '/';
  const rooted = path.startsWith('/') ? path : `/${path}`;
  const clean = cleanPath(rooted);
  return rooted.endsWith('/') && clean !== '/' ? `${clean}/` : clean;
}

/** Pages that ask nobody where `pprof-enabled` is set (services/httpd/handler.go, BypassAuth). */
function isPprof(method: string, path: string): boolean {
  return method === 'GET' && (path.startsWith(`${basePath}/debug/pprof/`) || path === `${basePath}/debug/vars`);
}

/** Below v1preview everything is rewritten to v1, but for the one route that stands there itself (services/diagnostic/api.go). */
function isPreview(method: string, path: string): boolean {
  return path.startsWith(`${previewBase}/`) && !(method === 'GET' && path === `${previewBase}/logs`);
}

/**
 * Section 1: the first rule that applies decides.
 * @param target the request target as it was sent @param path decoded, of this round
 */
export function route(settings: DaemonSettings, method: string, target: string, path: string): Routed {
  const open = { away: false, to: 'open', preview: false, write: false } as const;
  if (target === '*' && method === 'OPTIONS') return { ...open, why: 'options-asterisk', rule: '1.3' };
  if (!Object.hasOwn(neededPrivilege, method)) return { away: true, to: 'unrouted' };
  if (target === '*') return { away: true, to: 'bad-request' };
  const clean = canonical(path);
  if (clean !== path) return { away: true, to: 'redirect', path: clean };
  if (method === 'OPTIONS') return { ...open, why: 'options', rule: '1.3' };
  const preview = isPreview(method, path);
  const write = method === 'POST' && (path === '/write' || path === `${basePath}/write`);
  if (!settings.authEnabled) return { ...open, why: 'authentication-off', rule: '1.4', preview, write };
  if (settings.pprofEnabled && isPprof(method, path)) return { ...open, why: 'pprof', rule: '1.5', preview, write };
  return { away: false, to: 'authentication', preview, write };
}

/** services/httpd/handler.go, rewritePreview. */
export function rewritePreview(path: string): string {
  return basePath + path.slice(previewBase.length);
}

/** The clean path in the form of the target it was asked by; bytes beyond ASCII are escaped (net/http, Redirect). */
export function redirectLocation(url: Url, path: string): string {
  return urlText({ ...url, path }).replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
}
