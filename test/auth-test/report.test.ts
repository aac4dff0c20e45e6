import { describe, expect, it } from 'vitest';
import { escapeText } from '../../src/model/text.js';
import { compareLive, type KapacitorResponse } from '../../src/auth-test/report.js';
import { parseKapacitorVersion } from '../../src/model/kapacitor-versions.js';
import type { SimulatedKapacitor } from '../../src/auth-test/simulated-kapacitor.js';
import { answer, type Asked, Kapacitor, settings, token } from '../auth-engine/engine.js';

const version = { 'x-kapacitor-version': '1.8.0' };

function answered(status: number, body = '', headers: Readonly<Record<string, string>> = version): KapacitorResponse {
  return { status, body, header: (name) => headers[name] };
}

function error(message: string): string {
  return JSON.stringify({ error: message, message });
}

const target: SimulatedKapacitor = {
  settings: settings(),
  tls: {},
  conf: '/etc/kapacitor/kapacitor.conf',
  environment: undefined,
  assumed: undefined,
  refusal: undefined,
  unreadFiles: [],
  differences: [],
  configuration: undefined,
  warnings: [],
};

const users = { johndoe: { password: 'right', permissions: { '': ['KapacitorAPI'] } } };
const johndoe: Asked = { user: 'johndoe', password: 'right' };

function compare(asked: Asked, answer: KapacitorResponse, parts: Partial<SimulatedKapacitor> = {}, release?: string) {
  const trace = new Kapacitor(users, parts.settings).trace(asked);
  return compareLive(
    trace,
    asked.method ?? 'GET',
    answer,
    { ...target, ...parts },
    String,
    parseKapacitorVersion(release ?? ''),
  );
}

const config: Asked = { ...johndoe, path: '/kapacitor/v1/config' };
const refusal = 'user johndoe does not have "read" privilege for API endpoint "/kapacitor/v1/config"';

describe('an answer agrees', () => {
  it.each([200, 204, 404, 400, 500])('with allowed where it is %i of Kapacitor', (status) => {
    expect(compare(johndoe, answered(status)).agrees).toBe(true);
  });

  it('with refused where status and message are the same', () => {
    expect(compare(config, answered(403, error(refusal)))).toMatchObject({
      agrees: true,
      message: refusal,
      reasons: [],
    });
    expect(compare({}, answered(401, error('unable to parse authentication credentials'))).agrees).toBe(true);
    const write: Asked = { ...johndoe, method: 'POST', path: '/write?db=x' };
    const line = '"johndoe" user is not authorized to write to database "x"';
    expect(compare(write, answered(401, `${line}\n`))).toMatchObject({ agrees: true, message: line });
  });

  it('with refused by its status alone where HEAD gets no body', () => {
    expect(compare({ user: 'johndoe', password: 'x', method: 'HEAD' }, answered(401)).agrees).toBe(true);
  });

  it('even if Go words its own part of a message differently', () => {
    const authorization = `Bearer ${token('{')}`;
    expect(compare({ authorization }, answered(401, error('invalid token: unexpected EOF of Go'))).agrees).toBe(true);
    const down = new Kapacitor(() => ({ error: 'refused', text: 'ours' }));
    const bearer: Asked = { authorization: `Bearer ${token({ username: 'a', exp: 9e9 })}` };
    const told = 'retrieving user "a" from InfluxDB Enterprise meta: operation timed out with error: theirs';
    expect(compareLive(down.trace(bearer), 'GET', answered(401, error(told)), target, String).agrees).toBe(true);
    const other = told.replace('"a"', '"b"');
    expect(compareLive(down.trace(bearer), 'GET', answered(401, error(other)), target, String).agrees).toBe(false);
  });

  it('with a redirect to the same place, with unrouted and with a bad request, without a version', () => {
    const away = answered(301, '<a href="/a/b">', { location: '/a/b' });
    expect(compare({ path: '/a//b' }, away)).toMatchObject({ agrees: true, location: '/a/b', message: null });
    expect(compare({ path: '/a//c' }, away).agrees).toBe(false);
    expect(compare({ method: 'TRACE' }, answered(404, '', {})).agrees).toBe(true);
    expect(compare({ path: '/%zz' }, answered(400, '400 Bad Request', {})).agrees).toBe(true);
    expect(compare({ method: 'OPTIONS' }, answered(200, '', {})).agrees).toBe(true);
  });
});

describe('the release that responds', () => {
  const noteOf = (release: string, name?: string, status = 401): string | null =>
    compare(johndoe, answered(status, error('x'), { 'x-kapacitor-version': release }), {}, name).versionNote;

  it.each([
    ['1.6.5', undefined, 'Kapacitor runs 1.6.5, but the prediction assumes 1.8: use --kapacitor-version 1.6.5'],
    ['v1.7.0', '1.8', 'Kapacitor runs v1.7.0, but the prediction assumes 1.8: use --kapacitor-version 1.7.0'],
    ['1.8.2', '1.6.5', 'Kapacitor runs 1.8.2, but the prediction assumes 1.6.5: use --kapacitor-version 1.8.2'],
    ['1.5.9', undefined, 'Kapacitor 1.5.9 is unknown to kapadmin; the prediction assumes 1.8'],
    ['1.8.0', undefined, null],
    ['1.8.3', '1.8.1', null],
    ['1.6.5', '1.6.5', null],
  ])('%s, where %s was named: %s', (release, name, note) => {
    expect(noteOf(release, name)).toBe(note);
    expect(noteOf(release, name, 200)).toBe(note);
  });
});

describe('an answer differs, with likely reasons', () => {
  const reasons = (...args: Parameters<typeof compare>): string => {
    const live = compare(...args);
    expect(live.agrees).toBe(false);
    expect(live.reasons.length).toBeGreaterThan(0);
    return live.reasons.join('\n');
  };

  it.each([301, 302, 401, 403])('from allowed where it is %i', (status) => {
    expect(reasons(johndoe, answered(status))).toContain('a configuration other than /etc/kapacitor/kapacitor.conf');
  });

  it('where it is not Kapacitor that answers', () => {
    const told = reasons(johndoe, answered(502, '<html>', { server: 'nginx/1.25\u001b' }));
    expect(escapeText(told)).toBe(
      'the response has no X-Kapacitor-Version header: it came from a proxy (nginx/1.25\\x1b) or another server, not from Kapacitor',
    );
    expect(reasons(johndoe, answered(200, 'ok', {}))).toContain('it came from a proxy or another server');
  });

  it('where a proxy', () => {
    expect(reasons(config, answered(200, '', { ...version, via: '1.1 gate' }))).toContain('a proxy (1.1 gate)');
  });

  it('where the Authorization header got lost', () => {
    const told = reasons(johndoe, answered(401, error('unable to parse authentication credentials')));
    expect(told.split('\n')[0]).toBe('a proxy removed the Authorization header');
  });

  it('verdict 29: where a cache holds an older record or password', () => {
    expect(reasons(config, answered(200))).toContain(
      'its user cache may hold an older record of this user (for up to 5m)',
    );
    const wrong: Asked = { user: 'johndoe', password: 'wrong' };
    for (const status of [200, 403]) {
      expect(reasons(wrong, answered(status))).toContain(
        'its password cache may still accept the old password (for up to 1h',
      );
    }
    expect(reasons(johndoe, answered(401, error('authorization failed')))).toContain(
      'the new one is rejected once, so try again',
    );
  });

  it('verdict 29: where the user cache holds a user who was deleted', () => {
    for (const status of [200, 403]) {
      const told = reasons({ user: 'nobody', password: 'x' }, answered(status));
      expect(told.split('\n')[0]).toBe(
        'its user cache may still hold this user, who was deleted from the cluster, or whom a request to /kapacitor/v1/users created (for up to 5m)',
      );
      expect(told).not.toContain('password cache');
    }
  });

  it('where kapadmin itself could not ask the meta node', () => {
    const down = new Kapacitor(() => answer(401)).trace(johndoe);
    const of = (more: Partial<SimulatedKapacitor>) =>
      compareLive(down, 'GET', answered(200), { ...target, ...more }, String).reasons[0];
    expect(of({})).toContain('the meta node did not return the user record to kapadmin');
    expect(of({ assumed: 'x' })).toContain('the meta node rejects the account that kapadmin uses');
  });

  it('but no cache where none is', () => {
    const uncached = { settings: settings({ cacheExpiration: 0 }) };
    expect(reasons(config, answered(200), uncached)).not.toContain('user cache');
  });

  it('where the configuration is only assumed', () => {
    const assumed = { conf: undefined, assumed: 'authentication on' };
    expect(reasons(config, answered(200), assumed)).toContain('give it with --kapacitor-conf');
    expect(reasons(config, answered(200), { conf: undefined, environment: 'the shell' })).toContain('than the shell');
  });

  it('as it is: what prints it escapes it', () => {
    expect(compare(johndoe, answered(401, error('a\u001b[31m'))).message).toBe('a\u001b[31m');
    expect(compare(johndoe, answered(302, '', { ...version, location: '/\u0007' })).location).toBe('/\u0007');
  });
});
