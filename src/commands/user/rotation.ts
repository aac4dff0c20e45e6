import type { Change, ChangeResult, ExecutionSummary } from '../../mutations/change.js';
import type { Snapshot } from '../../mutations/snapshot.js';
import { isBcryptHash } from '../../model/secret.js';
import type { StopSignal } from '../../context.js';
import type { Factory } from '../../cli/factory.js';
import type { Secret } from '../../model/secret.js';
import { executeChanges, warnAboutOldPassword } from '../execute-changes.js';
import type { PasswordsFile } from '../desired-state/passwords-file.js';
import { toText } from '../../go-compat/utf8.js';
import { passwordTimeline } from '../../auth-engine/daemon.js';
import { type LoginTarget, readLoginTarget } from '../../auth-test/target.js';
import { isoTime, showName } from '../../model/text.js';
import type { KapacitorOutlook } from '../../output/views/passwords.js';
import type { KapacitorConfOptions } from '../../settings/kapacitor-conf.js';

export interface RotationSummary {
  readonly summary: ExecutionSummary;
  /** Users whose new password a read has shown to be in force. */
  readonly verified: ReadonlySet<string>;
}

interface RotatedUser {
  readonly entry: ChangeResult;
  readonly isVerified: boolean;
}

/** Nothing can succeed now: no connection, or no permission. */
function isFatal(entry: ChangeResult): boolean {
  return 'error' in entry && (entry.error.kind === 'unreachable' || entry.error.kind === 'refused');
}

/** One user: the password on the disk, then the request, then a read. */
async function rotateOne(
  change: Change,
  before: Snapshot,
  passwords: PasswordsFile,
  factory: Factory,
): Promise<RotatedUser> {
  const { name } = change;
  const known = new Map<string, Secret>();
  if (before.users.has(name)) known.set(name, await passwords.create(name));
  const executed = await executeChanges({ changes: [change], before, passwords: known, requireVisible: true }, factory);
  const [entry = { change, status: 'not-started' as const }] = executed.summary.results;
  if (entry.status !== 'done') return { entry, isVerified: false };
  const hash = executed.after.users.get(name)?.hash;
  return { entry, isVerified: hash !== undefined && isBcryptHash(hash) };
}

/** Sets a new password for each user, one after the other. Ends early if nothing can succeed, or when stopped. */
export async function rotateOneByOne(
  changes: readonly Change[],
  before: Snapshot,
  passwords: PasswordsFile,
  failFast: boolean,
  factory: Factory,
): Promise<RotationSummary> {
  const { stop } = factory.context;
  const results: ChangeResult[] = [];
  const verified = new Set<string>();
  let isAborted = false;
  for (const change of changes) {
    if (isAborted || stop.aborted) {
      results.push({ change, status: 'not-started' });
      continue;
    }
    const { entry, isVerified } = await rotateOne(change, before, passwords, factory);
    results.push(entry);
    if (isVerified) verified.add(change.name);
    isAborted = isFatal(entry) || (failFast && entry.status !== 'done');
  }
  const isIncomplete = stop.aborted && results.some(({ status }) => status === 'not-started' || status === 'unknown');
  return { summary: isIncomplete ? { results, stopped: stop.reason as StopSignal } : { results }, verified };
}

/** The Kapacitor whose memory of passwords counts. Throws where its configuration cannot be read. */
export function readKapacitorTarget(options: KapacitorConfOptions, factory: Factory): Promise<LoginTarget> {
  return readLoginTarget(options, factory.context, () => factory.settings());
}

/** The configuration as text. */
function describeBasis({ conf, environment, assumed }: LoginTarget): string {
  return (
    assumed ??
    [conf, environment]
      .filter((part) => part !== undefined)

      .join(', ')
  );
}

/**
 * What Kapacitor may still do with passwords last changed at `at` (ms since 1970); null if it does not check them.
 * Notes what else to change: the passwords of this connection and of Kapacitor's own account.
 */
export async function predictKapacitor(
  target: LoginTarget,
  changed: readonly string[],
  own: string | undefined,
  at: number,
  factory: Factory,
): Promise<KapacitorOutlook | null> {
  const { logger } = factory;
  const { settings, refusal, assumed } = target;
  if (own !== undefined && changed.includes(own)) {
    await warnAboutOldPassword(own, factory);
  }
  if (refusal !== undefined) {
    logger.warn(`Kapacitor does not start with this configuration: ${refusal}`);
    return null;
  }
  const service = toText(settings.metaUsername);
  if (assumed === undefined && changed.includes(service)) {
    logger.warn(
      `Kapacitor logs in to the meta node as ${showName(service)}: set its meta-password to the new password and restart it`,
    );
  }
  const timeline = passwordTimeline(settings);
  if (timeline === undefined) {
    logger.info(
      `Kapacitor does not check passwords with the meta node (${describeBasis(target)}): it is not affected.`,
    );
    return null;
  }
  const { oldUntil, newRefusedUntil } = timeline;
  return {
    basis: describeBasis(target),
    assumed: assumed !== undefined,
    oldUntil: isoTime(at + oldUntil / 1e6),
    newRefusedUntil: newRefusedUntil === 0 ? null : isoTime(at + newRefusedUntil / 1e6),
  };
}
