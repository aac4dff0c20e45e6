import type { Deps } from '../../cli/factory.js';
import { toText } from '../../go-compat/utf8.js';
import { passwordTimeline } from '../../kapacitor/timeline.js';
import { loginTarget, type LoginTarget } from '../../login/target.js';
import { warnOfOldPassword } from '../account.js';
import { showName } from '../../model/text.js';
import type { KapacitorOutlook } from '../../output/views/passwords.js';
import type { KapacitorOptions } from '../../settings/kapacitor-conf.js';

/** The Kapacitor whose memory of passwords counts. Throws where its configuration cannot be read. */
export function kapacitorOf(options: KapacitorOptions, deps: Deps): Promise<LoginTarget> {
  return loginTarget(options, deps.context, () => deps.settings());
}

/** `2026-01-01T00:00:00Z` of milliseconds since 1970, rounded up to whole seconds. */
function moment(ms: number): string {
  return new Date(Math.ceil(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/** The configuration in words. */
function basisOf({ conf, environment, assumed }: LoginTarget): string {
  return (
    assumed ??
    [conf, environment]
      .filter((part) => part !== undefined)

      .join(', ')
  );
}

/**
 * What Kapacitor may still do with the passwords that were changed last at `at` (ms since 1970); null where it does not
 * go by them. Tells what else has to be done: the passwords of this connection and of Kapacitor's own account.
 */
export async function outlookOf(
  target: LoginTarget,
  changed: readonly string[],
  own: string | undefined,
  at: number,
  deps: Deps,
): Promise<KapacitorOutlook | null> {
  const { notes } = deps;
  const { settings, refusal, assumed } = target;
  if (own !== undefined && changed.includes(own)) {
    await warnOfOldPassword(own, deps);
  }
  if (refusal !== undefined) {
    notes.warn(`Kapacitor does not start with this configuration: ${refusal}`);
    return null;
  }
  const service = toText(settings.metaUsername);
  if (assumed === undefined && changed.includes(service)) {
    notes.warn(
      `Kapacitor logs in to the meta node as ${showName(service)}: put the new password into its meta-password and restart it`,
    );
  }
  const timeline = passwordTimeline(settings);
  if (timeline === undefined) {
    notes.note(`Kapacitor does not ask the meta node for passwords (${basisOf(target)}): nothing changes there.`);
    return null;
  }
  const { oldUntil, newRefusedUntil } = timeline;
  return {
    basis: basisOf(target),
    assumed: assumed !== undefined,
    oldUntil: moment(at + oldUntil / 1e6),
    newRefusedUntil: newRefusedUntil === 0 ? null : moment(at + newRefusedUntil / 1e6),
  };
}
