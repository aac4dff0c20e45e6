import { describe, expect, it } from 'vitest';
import { compilePrivileges } from '../../../src/auth-engine/privileges.js';
import { countGrades, engineRules } from '../../../src/auth-engine/rules/registry.js';
import type { Trace } from '../../../src/auth-engine/trace.js';
import { answer, basic, hashOf, Kapacitor } from '../engine.js';

const all = [...engineRules.values()];

/** All rules and assumptions that a trace names. */
function namedIn(trace: Trace): ReadonlySet<string> {
  return new Set(
    trace.flatMap((step) =>
      'assumes' in step && step.assumes !== undefined ? [step.rule, step.assumes] : [step.rule],
    ),
  );
}

const johndoe = { user: 'johndoe', password: 'p' };
const owner = { owner: { password: 'p', permissions: { '': ['KapacitorAPI'] } } };

/** Requests that pass through the rules that no vector in test/vectors measures. */
const unmeasured: Readonly<Record<string, () => Trace>> = {
  '1.5': () => new Kapacitor({}, { pprofEnabled: true }).trace({ path: '/kapacitor/v1/debug/vars' }),
  '1.7': () => {
    const kapacitor = new Kapacitor({}, { users: 'own-store' });
    const hash = { kind: 'record', text: hashOf('p') } as const;
    const user = { name: 'johndoe', admin: false, hash, privileges: compilePrivileges(new Map()) };
    kapacitor.daemon.userStore.set('johndoe', user);
    return kapacitor.trace(johndoe);
  },
  '1.7.unknown': () => new Kapacitor({}, { users: 'own-store' }).trace(johndoe),
  '2.5': () => new Kapacitor({}).trace({ authorization: basic('~subscriber', 'a b') }),
  '2.5.unknown': () => new Kapacitor({}).trace({ authorization: basic('~subscriber', 'abc') }),
  '3.2.long': () => {
    const kapacitor = new Kapacitor({ johndoe: { password: 'p'.repeat(73), hash: '' } });
    return kapacitor.trace({ user: 'johndoe', password: 'p'.repeat(73) });
  },
  '4.once': () => new Kapacitor(() => ({ ...answer(404, { error: 'user not found' }), last: true })).trace(johndoe),
  '7.update': () => {
    const path = '/kapacitor/v1/users/johndoe';
    return new Kapacitor(owner).trace({ method: 'PATCH', path, user: 'owner', password: 'p', body: '{}' });
  },
};

describe('the records of rules', () => {
  it('that no vector measures are those of which a request is known here', () => {
    expect(all.filter(({ grade }) => grade !== 'measured').map(({ id }) => id)).toEqual(Object.keys(unmeasured));
  });

  it.each(Object.entries(unmeasured))('%s is emitted', (id, trace) => {
    expect(namedIn(trace())).toContain(id);
  });

  it('that are assumed are named where a step depends on them, and have no vectors', () => {
    const assumed = all.filter(({ grade }) => grade === 'assumed');
    expect(assumed.map(({ id }) => id)).toEqual(['1.7.unknown', '2.5.unknown', '4.once']);
    expect(assumed.flatMap(({ vectors }) => vectors)).toEqual([]);
    for (const { text } of assumed) expect(text).toMatch(/\bassumes\b/);
  });

  it.each(all)('$id has a text and a source', ({ title, text, sources }) => {
    expect(title).toMatch(/^[A-Za-z].{10,80}[^.]$/);
    expect(text).toMatch(/[.`]$/);
    expect(sources.length).toBeGreaterThan(0);
    for (const { file } of sources) expect(file).toMatch(/^[\w-]+(?:\/[\w-]+)*\.go$/);
  });

  it('are counted by grade', () => {
    const counts = countGrades();
    expect(counts.measured + counts.documented + counts.assumed).toBe(engineRules.size);
    expect(counts.assumed).toBe(3);
  });
});
