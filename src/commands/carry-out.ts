import { failureOf, type Account, type Entry } from '../change/account.js';
import type { Change } from '../change/change.js';
import { execute } from '../change/execute.js';
import { foundOf, type Found } from '../change/found.js';
import { splitNeeded } from '../change/needed.js';
import type { Login } from '../change/reach.js';
import type { ChangeClient } from '../change/requests.js';
import { awaitVisible } from '../change/visible.js';
import { alreadySo, didDo } from '../change/words.js';
import type { Deps } from '../deps.js';
import { Secret } from '../model/secret.js';
import type { Result } from '../output/view.js';
import { writtenView, type Written, type WrittenChange } from '../output/views/written.js';

export interface Work {
  readonly changes: readonly Change[];
  /** What was read of all users and roles that the changes name. */
  readonly before: Found;
  /** Passwords of the users that get one, by name. */
  readonly passwords?: ReadonlyMap<string, Secret>;
  /** To create what is there, and to delete what is not, is no failure. */
  readonly tolerant?: boolean;
  /** In place of the client of the connection. */
  readonly client?: ChangeClient;
  /** Read what was done even where no wait is wanted. */
  readonly mustSee?: boolean;
}

export interface CarriedOut {
  readonly account: Account;
  /** Nothing was sent: what is done in the account would be done. */
  readonly dryRun: boolean;
  /** Done changes that no read has shown; each was warned about. */
  readonly hidden: readonly Change[];
  /** What the last read after the last write showed. */
  readonly now: Found;
}

/** Writes of one verb at the same time. */
const concurrency = 8;

/** Stands for the client in a dry run. */
const idle: ChangeClient = {
  users: async () => [],
  roles: async () => [],
  writeUser: async () => {},
  writeRole: async () => {},
};

/** The login of this connection: what is done to it comes last. */
export async function loginOf(deps: Deps): Promise<Login | undefined> {
  const { credentials } = await deps.settings();
  if (credentials.kind !== 'basic') return undefined;
  const { username } = credentials;
  return { name: username, again: (password) => deps.metaAs({ kind: 'basic', username, password }) };
}

/** Waits until a read shows what was done, and warns of what none has shown. */
async function see(done: readonly Change[], work: Work, deps: Deps, login: Login | undefined) {
  const { limits } = await deps.network();
  const { clock, stop } = deps.context;
  const password = login === undefined ? undefined : work.passwords?.get(login.name);
  const isOwn = done.some(({ name, action }) => action === 'change-password' && name === login?.name);
  const client = isOwn && password !== undefined ? await login?.again(password) : undefined;
  const { before } = work;
  const { hidden, now, error } = await awaitVisible(limits.wait > 0 || work.mustSee === true ? done : [], {
    client: client ?? work.client ?? (await deps.meta()),
    before,
    secret: async (_, { name }) => work.passwords?.get(name) ?? new Secret(''),
    wait: limits.wait,
    clock,
    stop,
  });
  if (error?.kind === 'refused' && done.some(({ on, name }) => on === 'user' && name === login?.name)) {
    deps.notes.note('This was the account of the connection: it can read no more, so the change was not verified.');
  } else if (hidden.length > 0 && !stop.aborted) {
    const why = error === undefined ? `not visible in a read after ${limits.wait} ms` : `not seen: ${error.message}`;
    deps.notes.warn(`${why}: ${hidden.map(didDo).join('; ')}`);
  }
  return { hidden, now };
}

async function carriedOut(work: Work, deps: Deps): Promise<CarriedOut> {
  const { before, tolerant = false } = work;
  const { clock, stop } = deps.context;
  const dryRun = deps.flags.dryRun === true;
  const { needed, unchanged } = splitNeeded(work.changes, before);
  const login = dryRun ? undefined : await loginOf(deps);
  const { entries, ...end } = await execute(needed, {
    client: dryRun ? idle : (work.client ?? (await deps.meta())),
    before,
    secret: async (_, { name }) => work.passwords?.get(name) ?? new Secret(''),
    concurrency,
    clock,
    stop,
    tolerant,
    login,
  });
  const account: Account = {
    ...end,
    entries: [...entries, ...unchanged.map((change): Entry => ({ change, status: 'unchanged' }))],
  };
  for (const { change, status } of account.entries) if (status === 'unchanged') deps.notes.note(alreadySo(change));
  if (dryRun) deps.notes.note('Dry run: no write was sent.');
  const done = entries.filter(({ status }) => status === 'done').map(({ change }) => change);
  const seen = dryRun ? { hidden: [], now: foundOf([], []) } : await see(done, work, deps, login);
  return { ...seen, account, dryRun };
}

/**
 * Carries out what a verb is to change, or in a dry run finds out what it would; then waits until a read shows it.
 * Notes what is so already.
 */
export function carryOut(work: Work, deps: Deps): Promise<CarriedOut> {
  return deps.status.during('carrying out the changes', () => carriedOut(work, deps));
}

/** Whether anything happened, or may have; in a dry run: would happen. */
export function happened({ account }: CarriedOut): boolean {
  return account.entries.some(({ status }) => status !== 'failed' && status !== 'not-started');
}

/** Whether something was written, or may have been. */
export function wrote({ account, dryRun }: CarriedOut): boolean {
  return !dryRun && account.entries.some(({ status }) => status === 'done' || status === 'unknown');
}

/** The result of a verb that writes. Throws the failure where nothing happened. */
export function resultOf(out: CarriedOut): Result<Written> {
  const { account, dryRun } = out;
  const failure = failureOf(account);
  if (failure !== undefined && !happened(out)) throw failure;
  const changes = account.entries.map((entry): WrittenChange => {
    return dryRun && entry.status === 'done' ? { ...entry, status: 'planned' } : entry;
  });
  return { data: { dryRun, changes }, view: writtenView, ...(failure === undefined ? {} : { failure }) };
}
