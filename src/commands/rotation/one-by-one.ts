import type { Account, Entry } from '../../mutations/summary.js';
import type { Change } from '../../mutations/change.js';
import type { Found } from '../../mutations/snapshot.js';
import { isBcrypt } from '../../mutations/transport.js';
import type { StopSignal } from '../../context.js';
import type { Deps } from '../../cli/factory.js';
import type { Secret } from '../../model/secret.js';
import { carryOut } from '../carry-out.js';
import type { PasswordsFile } from '../desired-state/passwords-file.js';

export interface Rotation {
  readonly account: Account;
  /** Users whose new password a read has shown to be in force. */
  readonly verified: ReadonlySet<string>;
}

interface One {
  readonly entry: Entry;
  readonly isVerified: boolean;
}

/** Nothing can succeed now: no connection, or no rights. */
function isHopeless(entry: Entry): boolean {
  return 'error' in entry && (entry.error.kind === 'unreachable' || entry.error.kind === 'refused');
}

/** One user: the password on the disk, then the request, then a read. */
async function rotateOne(change: Change, before: Found, passwords: PasswordsFile, deps: Deps): Promise<One> {
  const { name } = change;
  const known = new Map<string, Secret>();
  if (before.users.has(name)) known.set(name, await passwords.renew(name));
  const out = await carryOut({ changes: [change], before, passwords: known, mustSee: true }, deps);
  const [entry = { change, status: 'not-started' as const }] = out.account.entries;
  if (entry.status !== 'done') return { entry, isVerified: false };
  const hash = out.now.users.get(name)?.hash;
  return { entry, isVerified: hash !== undefined && isBcrypt(hash) };
}

/** Gives each user a new password, one after the other. Ends early where nothing can succeed, or when told to stop. */
export async function rotateOneByOne(
  changes: readonly Change[],
  before: Found,
  passwords: PasswordsFile,
  failFast: boolean,
  deps: Deps,
): Promise<Rotation> {
  const { stop } = deps.context;
  const entries: Entry[] = [];
  const verified = new Set<string>();
  let halted = false;
  for (const change of changes) {
    if (halted || stop.aborted) {
      entries.push({ change, status: 'not-started' });
      continue;
    }
    const { entry, isVerified } = await rotateOne(change, before, passwords, deps);
    entries.push(entry);
    if (isVerified) verified.add(change.name);
    halted = isHopeless(entry) || (failFast && entry.status !== 'done');
  }
  const isCut = stop.aborted && entries.some(({ status }) => status === 'not-started' || status === 'unknown');
  return { account: isCut ? { entries, stopped: stop.reason as StopSignal } : { entries }, verified };
}
