import type { Change } from './change.js';
import { holdersOf, type Joining } from './holders.js';
import type { Found } from './found.js';

/** A change at its place in the order. */
export interface Step {
  /** Its place in the list that was given. */
  readonly index: number;
  readonly change: Change;
  /** Steps of the same wave that must have ended, however they ended, before this one starts. */
  readonly after: readonly number[];
}

/**
 * The order of a list of changes. A wave starts when the one before it has ended:
 * what adds; what takes rights away; deletes; the password of the login in use; what takes that login's own rights.
 * So nobody is without a right that is only moved, and the login can do its work to the end.
 */
export interface Order {
  readonly waves: readonly (readonly Step[])[];
  /** Index of the create of a user or role, by `keyOf`. */
  readonly creates: ReadonlyMap<string, number>;
}

export function keyOf(on: 'user' | 'role', name: string): string {
  return `${on} ${name}`;
}

const ranks: Readonly<Record<Change['action'], number>> = {
  create: 0,
  'change-password': 1,
  'add-permissions': 2,
  'add-users': 3,
  'remove-permissions': 4,
  'remove-users': 5,
  delete: 6,
};

const waveCount = 5;

/** From this wave on rights are taken away. */
export const firstRemoval = 1;

function waveOf(change: Change, before: Found, joining: Joining, login: string | undefined): number {
  const isLogin = (name: string): boolean => name === login;
  if (change.action === 'change-password') return isLogin(change.name) ? 3 : 0;
  if (ranks[change.action] <= ranks['add-users']) return 0;
  if (login !== undefined && holdersOf(change, before, joining).some(isLogin)) return 4;
  return change.action === 'delete' ? 2 : 1;
}

/**
 * @param login the user that sends the changes
 * Throws where a list creates and deletes the same user or role, or does either twice.
 */
export function orderOf(changes: readonly Change[], before: Found, joining: Joining, login?: string): Order {
  const creates = new Map<string, number>();
  const deletes = new Set<string>();
  for (const [index, change] of changes.entries()) {
    if (change.action !== 'create' && change.action !== 'delete') continue;
    const key = keyOf(change.on, change.name);
    if (creates.has(key) || deletes.has(key)) throw new Error(`a list of changes creates or deletes ${key} twice`);
    if (change.action === 'create') creates.set(key, index);
    else deletes.add(key);
  }
  const sorted: { index: number; change: Change }[][] = Array.from({ length: waveCount }, () => []);
  for (const [index, change] of changes.entries()) {
    sorted[waveOf(change, before, joining, login)]?.push({ index, change });
  }
  return { waves: sorted.filter((wave) => wave.length > 0).map((wave) => linked(wave, creates)), creates };
}

function linked(wave: readonly { index: number; change: Change }[], creates: ReadonlyMap<string, number>): Step[] {
  const last = new Map<string, number>();
  return [...wave]
    .sort((a, b) => ranks[a.change.action] - ranks[b.change.action])
    .map(({ index, change }) => {
      const key = keyOf(change.on, change.name);
      const previous = last.get(key);
      last.set(key, index);
      const after = previous === undefined ? [] : [previous];
      if (change.action !== 'add-users') return { index, change, after };
      const members = change.users.flatMap((user) => creates.get(keyOf('user', user)) ?? []);
      return { index, change, after: [...after, ...members] };
    });
}
