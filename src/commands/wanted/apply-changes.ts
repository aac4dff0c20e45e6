import type { Account, Entry } from '../../mutations/summary.js';
import { toldOnce } from '../carry-out.js';
import type { Change } from '../../mutations/change.js';
import { execute } from '../../mutations/execute.js';
import type { Deps } from '../../deps.js';
import { KapadminError, usageError } from '../../errors.js';
import type { Secret } from '../../model/secret.js';
import { showProgress, type Progress } from '../../output/progress.js';
import { appliedView, type Applied } from '../../output/views/applied.js';
import type { Result } from '../../output/view.js';
import { wholePath } from '../../settings/state-files.js';
import type { Actual } from '../../desired-state/desired-state.js';
import { loginOf } from '../account.js';
import { settleLockout } from '../lockout.js';
import { confirmRemovals } from './confirm-removals.js';
import { openPasswordsFile, type PasswordsFile } from './passwords-file.js';
import { gatherSecrets, isGenerated } from './secrets.js';
import { checkUndo, writeUndo } from './undo.js';
import { verify } from './verify.js';

export interface ApplyFlags {
  readonly passwordsOut?: string;
  readonly undo?: string;
  readonly yes?: boolean;
  readonly concurrency: number;
  readonly failFast?: boolean;
  readonly allowLockout?: boolean;
  readonly force?: boolean;
}

/** What is to be carried out. */
export interface ToApply {
  readonly changes: readonly Change[];
  readonly actual: Actual;
  /** Hashes that stand in files of wanted state, by user. */
  readonly hashes: ReadonlyMap<string, Secret>;
}

function progressOf(deps: Deps): Progress {
  const { clock } = deps.context;
  return showProgress('changes', {
    spinner: deps.status.take(),
    now: () => clock.now(),
    line: (text) => deps.notes.note(text),
  });
}

/** A server that does not take a ready hash says so in its own words: told in ours. */
function told(entry: Entry): Entry {
  const { change } = entry;
  const hasHash = change.on === 'user' && change.action === 'create' && change.hash !== undefined;
  if (!hasHash || entry.status !== 'failed' || entry.error.kind !== 'server') return entry;
  const { kind, message } = entry.error;
  const hint = 'This server may not take a ready hash: give these users a password in its place.';
  return { ...entry, error: new KapadminError(kind, 'hash-refused', message, { hint, cause: entry.error }) };
}

/** Carries out changes, tells how far it is, and reads once at the end whether all is there. */
export async function applyChanges(work: ToApply, flags: ApplyFlags, deps: Deps): Promise<Result<Applied>> {
  const { changes, actual, hashes } = work;
  const { context } = deps;
  const undo = flags.undo === undefined ? undefined : wholePath(flags.undo, context);
  const passwordsOut = flags.passwordsOut === undefined ? undefined : wholePath(flags.passwordsOut, context);
  const makesPasswords = changes.some(isGenerated);
  if (makesPasswords && passwordsOut === undefined) {
    const message = 'passwords are to be generated, and there is no --passwords-out FILE to save them';
    throw usageError('no-passwords-file', message, 'Nothing was changed.');
  }
  let passwords: PasswordsFile | undefined;
  const secret = await gatherSecrets(
    changes,
    { hashes, passwords: () => passwords, force: flags.force === true },
    deps,
  );
  if (undo !== undefined && changes.length > 0) await checkUndo(undo, deps);
  const lockout = await settleLockout(changes, actual, flags, true, deps);
  const login = await loginOf(deps);
  await confirmRemovals(changes, flags.yes === true, login?.name, deps);
  const progress = progressOf(deps);
  try {
    if (makesPasswords && passwordsOut !== undefined) passwords = await openPasswordsFile(passwordsOut, context);
    if (undo !== undefined && changes.length > 0) await writeUndo(undo, changes, actual, deps);
    const account = await execute(changes, {
      client: await deps.meta(),
      before: actual,
      secret,
      login,
      lockout,
      clock: context.clock,
      stop: context.stop,
      concurrency: flags.concurrency,
      failFast: flags.failFast === true,
      onProgress: ({ total, ended, failed, unknown }) => progress.update({ total, ended, failed: failed + unknown }),
    });
    progress.stop();
    const done = account.entries.filter(({ status }) => status === 'done').map(({ change }) => change);
    const unlike = await verify({ changes: done, before: actual, secret, login }, deps);
    return resultOf(account, unlike, {
      undo: undo !== undefined && changes.length > 0 ? undo : null,
      passwordsOut: account.entries.some(mayUsePassword) ? (passwordsOut ?? null) : null,
    });
  } finally {
    progress.stop();
    await passwords?.close();
  }
}

/** Whether a generated password is, or may be, the one in force. */
function mayUsePassword({ change, status }: Entry): boolean {
  return isGenerated(change) && (status === 'done' || status === 'unknown' || status === 'unchanged');
}

function resultOf(
  account: Account,
  unlike: KapadminError | undefined,
  files: Pick<Applied, 'undo' | 'passwordsOut'>,
): Result<Applied> {
  const ended: Account = { ...account, entries: account.entries.map(told) };
  const { changes, failure = unlike } = toldOnce(ended);
  const data: Applied = { changes, ...files };
  return { data, view: appliedView, ...(failure === undefined ? {} : { failure }) };
}
