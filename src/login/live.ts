import type { ErrorKind } from '../errors.js';
import { type DaemonSettings, startDaemon } from '../auth-engine/daemon.js';
import { handle } from '../auth-engine/handle.js';
import type { HttpRequest } from '../auth-engine/request.js';
import { timedOut, type Trace, verdictOf } from '../auth-engine/trace.js';
import type { KapacitorVersion } from '../model/kapacitor-versions.js';
import { type BcryptRequest, drive } from '../auth-engine/effects.js';
import type { LiveMeta } from './meta-live.js';
import { maskTrace } from './secrets.js';

export interface Judged {
  readonly trace: Trace;
  /** How this moment ends: done where allowed, no where refused, else what kept the answer from being known. */
  readonly end: ErrorKind;
}

export interface LiveTools {
  readonly meta: LiveMeta;
  readonly bcrypt: (request: BcryptRequest) => Promise<string>;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly version?: KapacitorVersion | undefined;
}

/** Kinds that say more the later they stand: a test of several moments ends with the last of them. */
const severity: readonly ErrorKind[] = ['done', 'no', 'unreachable', 'refused', 'server'];

export function worst(ends: readonly ErrorKind[]): ErrorKind {
  return severity[Math.max(0, ...ends.map((end) => severity.indexOf(end)))]!;
}

function endOf(trace: Trace, meta: LiveMeta): ErrorKind {
  if (verdictOf(trace).verdict === 'allow') return 'done';
  if (!timedOut(trace)) return 'no';
  const failed = trace.findLast((step) => step.kind === 'lookup');
  if (failed?.cause === 'unreadable') return 'server';
  return meta.failure() ?? 'no';
}

/**
 * Runs one request through one daemon's life at several moments, live; time between them is virtual.
 * @param moments nanoseconds since the daemon started
 */
export async function judge(
  settings: DaemonSettings,
  request: HttpRequest,
  moments: readonly number[],
  tools: LiveTools,
): Promise<Judged[]> {
  const daemon = startDaemon(settings, tools.startedAt, tools.version);
  const judged: Judged[] = [];
  for (const now of moments) {
    const drivers = { meta: tools.meta.ask, bcrypt: tools.bcrypt };
    const trace = await drive(handle(daemon, request, now), drivers);
    judged.push({ trace: maskTrace(trace, tools.meta.mask), end: endOf(trace, tools.meta) });
  }
  return judged;
}
