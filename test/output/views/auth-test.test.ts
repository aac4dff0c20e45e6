import { describe, expect, it } from 'vitest';
import { plainStyle, printLine } from '../../../src/output/style.js';
import { traceJson, traceLines } from '../../../src/output/views/auth-test.js';
import { answer, basic, hour, Kapacitor, minute, nodeOf, token } from '../../auth-engine/engine.js';
import { cases, traceOf } from '../../diagnostics/login/causes.js';

function lines(...args: Parameters<Kapacitor['trace']>): (kapacitor: Kapacitor) => string[] {
  return (kapacitor) => traceLines(kapacitor.trace(...args), 'as admin', plainStyle).map(printLine);
}

const all = Object.values(cases).flat();
const johndoe = { user: 'johndoe', password: 'right' };
const api = { '': ['KapacitorAPI'] };

describe('the lines of a trace', () => {
  it.each(all.map((one) => [one.name, one] as const))('are one or more for each step that decides: %s', (_, one) => {
    const trace = traceOf(one);
    const told = traceLines(trace, 'as admin', plainStyle).map(printLine);
    const steps = trace.filter(({ kind }) => kind !== 'user-record' && kind !== 'verdict');
    expect(told.length).toBeGreaterThanOrEqual(steps.filter(({ kind }) => kind !== 'lookup').length);
    for (const line of told) expect(line).toMatch(/^ [✔✖·] \S/);
    expect(told.some((line) => line.startsWith(' ✖'))).toBe(steps.some(({ outcome }) => outcome === 'fail'));
    expect(told.join('')).not.toMatch(/[\u0000-\u001f\u007f]|s3cret|changeit/);
  });

  it('show no control characters, whatever a server says or a user is called', () => {
    const hostile = '\u001b[31m\u202e\n';
    const kapacitor = new Kapacitor(() => answer(500, { error: hostile }));
    const told = lines({ user: hostile, password: 'x', path: `/${encodeURIComponent(hostile)}` })(kapacitor).join('');
    expect(told).toContain('\\x1b[31m\\u202e\\x0a');
    expect(told).not.toMatch(/[\u0000-\u001f\u202e]/);
  });

  it('leave out tries in the middle, and tell how many there were', () => {
    const told = lines(johndoe)(new Kapacitor(() => answer(503, { error: 'x' })));
    expect(told.filter((line) => line.includes('meta lookup'))).toHaveLength(4);
    expect(told.at(-1)).toContain('x; 5 attempts in 10 s, then respond 401');
  });

  it.each([
    ['1.7.unknown', new Kapacitor({}, { users: 'own-store' }), johndoe],
    ['2.5.unknown', new Kapacitor({}), { authorization: basic('~subscriber', 'abc') }],
    ['4.once', new Kapacitor(() => ({ ...answer(503, { error: 'x' }), last: true })), johndoe],
  ] as const)('say that %s is assumed where it decides', (id, kapacitor, request) => {
    const trace = kapacitor.trace(request);
    expect(traceJson(trace)).toContainEqual(expect.objectContaining({ assumes: id }));
    const told = traceLines(trace, 'as admin', plainStyle).map(printLine);
    expect(told.filter((line) => / \(assumed: .*\)$/.test(line))).toEqual([told.at(-1)]);
  });

  it('assume nothing where Kapacitor decides by its input', () => {
    const told = [
      lines(johndoe)(new Kapacitor(() => answer(503, { error: 'x' }))),
      lines(johndoe)(new Kapacitor({ johndoe: { password: 'right', permissions: api } })),
      lines({ authorization: basic('~subscriber', 'a b') })(new Kapacitor({})),
    ];
    expect(told.flat().join()).not.toContain('assumed');
  });

  it('tell what the caches did', () => {
    const kapacitor = new Kapacitor({ johndoe: { password: 'right', permissions: api } });
    expect(lines(johndoe, 0)(kapacitor)[1]).toBe(' · user cache     miss (cache-expiration 5m)');
    expect(lines(johndoe, minute)(kapacitor).slice(1, 3)).toEqual([
      ' · user cache     hit: user record stored at 0s (cache-expiration 5m)',
      ' ✔ password       accepted from the password cache (until 1h); the stored hash was not checked',
    ]);
    kapacitor.node = nodeOf({ johndoe: { password: 'new', permissions: api } });
    expect(lines(johndoe, hour)(kapacitor).at(-1)).toBe(' ✖ password       bcrypt $2a$04$ does not match');
    const off = new Kapacitor({}, { cacheExpiration: 0 });
    expect(lines(johndoe)(off)[1]).toContain('off (no cache-expiration): every request queries the meta node');
  });

  it('tell of tokens, open doors and writes', () => {
    const kapacitor = new Kapacitor({ johndoe: { permissions: { telegraf: ['WriteData'] } } }, { pprofEnabled: true });
    const authorization = `Bearer ${token({ username: 'johndoe', exp: 9e9 })}`;
    const write = lines({ authorization, method: 'POST', path: '/write?db=telegraf' })(kapacitor);
    expect(write).toContain(' ✔ token          HS256 signature matches the empty shared-secret, user johndoe');
    expect(write.at(-1)).toBe(' ✔ database       write on database "telegraf": allowed (write on database "telegraf")');
    expect(lines({ authorization, method: 'POST', path: '/write' })(kapacitor).at(-1)).toContain(
      'no db in the query: 400',
    );
    expect(lines({ path: '/kapacitor/v1/debug/vars' })(kapacitor)).toEqual([
      ' ✔ route          pprof-enabled is true: this page needs no authentication',
    ]);
    expect(lines({ method: 'OPTIONS', path: '*' })(kapacitor)[0]).toContain("handled by Go's HTTP server");
    const noauth = lines(johndoe)(new Kapacitor({}, { users: 'noauth' }));
    expect(noauth).toContain(' ✔ noauth         any user name and password is accepted as the admin (johndoe)');
  });
});
