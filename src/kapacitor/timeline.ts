import { authenticate } from './authenticate.js';
import { startDaemon, passwordCacheExpiration, type DaemonSettings } from './daemon.js';
import type { Engine } from './wanted.js';

/** What may happen at a Kapacitor after a password was changed; nanoseconds since the change. */
export interface PasswordTimeline {
  /** Until then the old password may be accepted. */
  readonly oldUntil: number;
  /** Until then the new password may be refused, once: the try after that is accepted. 0: it never is. */
  readonly newRefusedUntil: number;
}

type Password = 'old' | 'new' | 'wrong';

interface Login {
  readonly at: number;
  readonly password: Password;
}

const name = 'user';
const digests: Readonly<Record<Password, string>> = {
  old: 'o'.repeat(31),
  new: 'n'.repeat(31),
  wrong: 'w'.repeat(31),
};

function documentAt(at: number): string {
  const hash = `$2a$04$${'.'.repeat(22)}${digests[at < 0 ? 'old' : 'new']}`;
  return JSON.stringify({ users: [{ name, hash }] });
}

/** Runs a computation with a node that changed the password at 0, and a bcrypt that knows three passwords. */
function driven<T>(engine: Engine<T>, { at, password }: Login): T {
  let next = engine.next();
  while (!next.done) {
    const answer = next.value.want === 'meta' ? { status: 200, location: '', body: documentAt(at) } : digests[password];
    next = engine.next(answer);
  }
  return next.value;
}

/** Whether each login is accepted, one after the other. Times are since the change, before it negative. */
function play(settings: DaemonSettings, logins: readonly Login[]): readonly boolean[] {
  const first = Math.min(0, ...logins.map(({ at }) => at));
  const daemon = startDaemon(settings, 0);
  return logins.map((login) => {
    return driven(authenticate(daemon, name, login.password, login.at - first, []), login) !== undefined;
  });
}

/** The largest time in [0, most] at which it holds, where it holds up to some time and no longer. */
function lastTime(most: number, holds: (at: number) => boolean): number {
  let [low, high] = [0, most];
  if (!holds(0)) return 0;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The logins before and after the change that keep the old password alive longest: the document is read just before
 * the change, and the password is checked in full just before that document expires.
 */
function worstBefore(expiration: number): readonly Login[] {
  const lastCheck = expiration - 3;
  return [
    { at: Math.min(lastCheck - passwordCacheExpiration, -3), password: 'old' },
    { at: -2, password: 'wrong' },
    { at: -1, password: 'old' },
    ...(lastCheck > 0 ? [{ at: lastCheck, password: 'old' } as const] : []),
  ];
}

/**
 * What may happen at worst after a password was changed, found by asking the engine itself; undefined for a daemon that
 * does not ask the meta node for passwords.
 */
export function passwordTimeline(settings: DaemonSettings): PasswordTimeline | undefined {
  if (!settings.authEnabled || settings.users !== 'meta') return undefined;
  const expiration = Math.max(0, settings.cacheExpiration);
  const most = expiration + 2 * passwordCacheExpiration;
  const before = worstBefore(expiration);
  const oldAt = (at: number): boolean => {
    const earlier = before.filter((login) => login.at <= at);
    return play(settings, [...earlier, { at, password: 'old' }]).at(-1) === true;
  };
  const newRefusedAt = (at: number): boolean => {
    return (
      play(settings, [
        { at: -1, password: 'old' },
        { at, password: 'new' },
      ]).at(-1) === false
    );
  };
  return { oldUntil: lastTime(most, oldAt), newRefusedUntil: lastTime(most, newRefusedAt) };
}
