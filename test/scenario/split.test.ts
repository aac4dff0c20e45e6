import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startDaemon, type Daemon } from '../../src/auth-engine/daemon-state.js';
import { basic, drive, hour, minute, nodeOf, second, settings, startMs, type Node } from '../auth-engine/engine.js';
import { handleRequest } from '../../src/auth-engine/handle.js';
import { findVerdict } from '../../src/auth-engine/trace.js';
import { played, scenario } from './player.js';

const name = fc.constantFrom('johndoe', 'ldap', 'nobody');
const password = fc.constantFrom('old', 'new');
const path = fc.constantFrom(
  '/kapacitor/v1/tasks',
  '/kapacitor/v1/config',
  '/kapacitor/v1preview/tasks',
  '/write?db=x',
);
const pause = fc.constantFrom(0, second, 5 * minute - 1, 5 * minute, hour - 1, hour);
const event = fc.record({ pause, name, password, path, changed: fc.constantFrom(undefined, 'old', 'new', 'gone') });
const life = fc.array(event, { minLength: 1, maxLength: 12 });

type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

function usersOf(state: string): object[] {
  if (state === 'gone') return [];
  const permissions = { '': state === 'old' ? ['KapacitorAPI'] : ['KapacitorConfigAPI', 'WriteData'] };
  return [
    { name: 'johndoe', password: state, permissions },
    { name: 'ldap', ldap: true, password: state, permissions },
  ];
}

function stepsOf(events: readonly Event[]): object[] {
  let now = 0;
  return events.map(({ pause: wait, name: username, password: given, path: target, changed }) => {
    now += wait;
    const meta = changed === undefined ? {} : { meta: { users: usersOf(changed) } };
    return { at: `${now}ns`, ...meta, request: { path: target, username, password: given } };
  });
}

describe('a scenario', () => {
  it('that is played twice gives the same twice', async () => {
    await fc.assert(
      fc.asyncProperty(life, async (events) => {
        const once = await played(scenario(stepsOf(events), { users: usersOf('old') }));
        expect(await played(scenario(stepsOf(events), { users: usersOf('old') }))).toEqual(once);
      }),
      { numRuns: 40 },
    );
  });

  it('begins as its first steps alone do: what comes later changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(life, fc.nat(), async (events, cut) => {
        const at = cut % (events.length + 1);
        const whole = await played(scenario(stepsOf(events), { users: usersOf('old') }));
        const first = await played(scenario(stepsOf(events).slice(0, at), { users: usersOf('old') }));
        expect(first.steps).toEqual(whole.steps.slice(0, at));
      }),
      { numRuns: 60 },
    );
  });

  it('split at any step and joined again, the daemon handed over, gives the same', () => {
    const users = {
      johndoe: { password: 'old', permissions: { '': ['KapacitorAPI'] } },
      ldap: { hash: '', password: 'old' },
    };
    const node = nodeOf(users);
    const run = (daemon: Daemon, events: readonly (Event & { at: number })[], ask: Node): unknown[] =>
      events.map(({ at, name: user, password: given, path: target }) => {
        const headers = [['Authorization', basic(user, given)] as const];
        return findVerdict(drive(handleRequest(daemon, { method: 'GET', target, headers }, at), ask));
      });
    fc.assert(
      fc.property(life, fc.nat(), (events, cut) => {
        let at = 0;
        const timed = events.map((one) => ({ ...one, at: (at += one.pause) }));
        const whole = run(startDaemon(settings(), startMs), timed, node);
        const daemon = startDaemon(settings(), startMs);
        const place = cut % (events.length + 1);
        const joined = [...run(daemon, timed.slice(0, place), node), ...run(daemon, timed.slice(place), node)];
        expect(joined).toEqual(whole);
      }),
    );
  });
});
