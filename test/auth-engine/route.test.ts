import { describe, expect, it } from 'vitest';
import type { DaemonSettings } from '../../src/auth-engine/daemon-state.js';
import { parseUrl } from '../../src/go-compat/url.js';
import { redirectLocation, rewritePreview, routeRequest, type Route } from '../../src/auth-engine/request.js';
import { settings } from './engine.js';

function routed(method: string, path: string, parts: Partial<DaemonSettings> = {}): Route {
  return routeRequest(settings(parts), method, path, path);
}

const methods = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'];
const base = '/kapacitor/v1';

describe('1.1 methods', () => {
  it.each(methods)('%s is routed', (method) => {
    expect(routed(method, `${base}/tasks`).to).toBe(method === 'OPTIONS' ? 'open' : 'authentication');
  });

  it.each(['TRACE', 'CONNECT', 'get', 'Get', 'PROPFIND', 'constructor', '__proto__', ''])(
    '%j is answered 404 whatever the path',
    (method) => {
      for (const path of [`${base}/tasks`, '/a//b', ''])
        expect(routed(method, path)).toEqual({ away: true, to: 'unrouted' });
    },
  );

  it('comes before everything else, authentication off included', () => {
    expect(routed('TRACE', base, { authEnabled: false })).toEqual({ away: true, to: 'unrouted' });
  });
});

describe('1.2 clean paths', () => {
  it.each([
    ['', '/'],
    ['a', '/a'],
    ['/a//b', '/a/b'],
    ['//', '/'],
    ['/a/./b', '/a/b'],
    ['/a/.', '/a'],
    ['/a/./', '/a/'],
    ['/a/../', '/'],
    ['/a/b/../', '/a/'],
    ['/a/b/..', '/a'],
    ['/../a', '/a'],
    ['/a/b//', '/a/b/'],
  ])('%j is redirected to %j, OPTIONS and HEAD included', (path, clean) => {
    for (const method of methods) expect(routed(method, path)).toEqual({ away: true, to: 'redirect', path: clean });
  });

  it.each(['/', '/a', '/a/', '/a/b/', '/...', '/a.b', '/kapacitor/v1'])('%j is clean', (path) => {
    expect(routed('GET', path).to).toBe('authentication');
  });

  it('come before authentication off and pprof', () => {
    const open = { authEnabled: false, pprofEnabled: true };
    expect(routed('GET', `${base}/debug//vars`, open).to).toBe('redirect');
  });
});

describe('1.3 OPTIONS', () => {
  it('sends no lookup and writes nothing', () => {
    const open = { away: false, to: 'open', why: 'options', rule: '1.3', preview: false, write: false };
    expect(routed('OPTIONS', `${base}/tasks`)).toEqual(open);
    expect(routed('OPTIONS', '/kapacitor/v1preview/tasks')).toEqual(open);
    expect(routed('OPTIONS', '/write')).toEqual(open);
  });

  it('of * is answered by the server itself; * is a bad request for other methods', () => {
    expect(routed('OPTIONS', '*')).toMatchObject({ to: 'open', why: 'options-asterisk' });
    expect(routed('GET', '*')).toEqual({ away: true, to: 'bad-request' });
    expect(routed('TRACE', '*')).toEqual({ away: true, to: 'unrouted' });
  });
});

describe('1.4 auth-enabled = false', () => {
  it('sends no lookup, whatever [auth] contains', () => {
    for (const users of ['meta', 'noauth', 'own-store'] as const) {
      expect(routed('GET', `${base}/tasks`, { authEnabled: false, users })).toMatchObject({
        to: 'open',
        why: 'authentication-off',
        rule: '1.4',
      });
    }
  });
});

describe('1.5 pprof-enabled = true', () => {
  const pages = ['', 'cmdline', 'profile', 'symbol', 'trace', 'heap', 'a/b'].map(
    (page) => `${base}/debug/pprof/${page}`,
  );

  it.each([...pages, `${base}/debug/vars`])('GET %s asks nobody', (path) => {
    expect(routed('GET', path, { pprofEnabled: true })).toMatchObject({ to: 'open', why: 'pprof', rule: '1.5' });
    expect(routed('GET', path).to).toBe('authentication');
  });

  it.each([
    ['GET', `${base}/debug/pprof`],
    ['GET', `${base}/debug/vars/`],
    ['GET', `${base}/debug`],
    ['GET', '/debug/pprof/'],
    ['HEAD', `${base}/debug/vars`],
    ['POST', `${base}/debug/pprof/symbol`],
    ['GET', '/kapacitor/v1preview/debug/vars'],
  ])('%s %s does', (method, path) => {
    expect(routed(method, path, { pprofEnabled: true }).to).toBe('authentication');
  });
});

describe('6 preview and writes', () => {
  it.each([
    ['GET', '/kapacitor/v1preview/tasks', true],
    ['POST', '/kapacitor/v1preview/', true],
    ['GET', '/kapacitor/v1preview', false],
    ['GET', '/kapacitor/v1previewx/tasks', false],
    ['GET', '/kapacitor/v1/preview/tasks', false],
    ['GET', '/kapacitor/v1preview/logs', false],
    ['POST', '/kapacitor/v1preview/logs', true],
    ['GET', '/kapacitor/v1preview/logs/', true],
  ])('%s %s is run again as v1: %s', (method, path, preview) => {
    expect(routed(method, path)).toMatchObject({ to: 'authentication', preview });
    expect(routed(method, path, { authEnabled: false })).toMatchObject({ to: 'open', preview });
  });

  it.each([
    ['POST', '/write', true],
    ['POST', `${base}/write`, true],
    ['POST', '/write/', false],
    ['POST', `${base}/write/x`, false],
    ['POST', '/kapacitor/v1write', false],
    ['POST', '/WRITE', false],
    ['GET', '/write', false],
    ['PUT', '/write', false],
    ['HEAD', '/write', false],
    ['POST', '/kapacitor/v1preview/write', false],
  ])('%s %s needs the database: %s', (method, path, write) => {
    expect(routed(method, path)).toMatchObject({ write });
    expect(routed(method, path, { authEnabled: false })).toMatchObject({ write });
  });

  it('v1preview is rewritten to v1', () => {
    expect(rewritePreview('/kapacitor/v1preview/a/b')).toBe('/kapacitor/v1/a/b');
    expect(rewritePreview('/kapacitor/v1preview/')).toBe('/kapacitor/v1/');
  });
});

describe('the Location of a redirect', () => {
  it.each([
    ['/a//b?x=%20&y', '/a/b', '/a/b?x=%20&y'],
    ['/a//b?', '/a/b', '/a/b?'],
    ["/a/../*[]!$&'()+,;=:@", "/*[]!$&'()+,;=:@", '/%2A%5B%5D%21$&%27%28%29+,;=:@'],
    ['//a//b', '/a/b', '/a/b'],
    ['/a//b%2Fc', '/a/b/c', '/a/b/c'],
    ['/a//\u00c3\u00a9?\u00c3\u00a9', '/a/\u00c3\u00a9', '/a/%C3%A9?%c3%a9'],
    ['HTTP://H/a/./b', '/a/b', 'http://H/a/b'],
    ['http://h', '/', 'http://h/'],
    ['http://u:p@h:1/a/../b?x', '/b', 'http://u:p@h:1/b?x'],
    ['/a//b/', '/a/b/', '/a/b/'],
    ['/%2F', '/', '/'],
    ['/a//b?x=../y//z', '/a/b', '/a/b?x=../y//z'],
  ])('of %j is %j escaped as %j', (target, path, location) => {
    const url = parseUrl(target, true);
    expect(url && redirectLocation(url, path)).toBe(location);
  });
});
