import type { Deps } from '../deps.js';
import { KapadminError } from '../errors.js';
import type { Failure, Read } from '../report/doctor/facts.js';
import { curlLine } from '../settings/curl.js';
import { stopped } from '../settings/stopped.js';

/** What the parts of a diagnosis need. */
export type Looking = Pick<Deps, 'context' | 'notes' | 'flags'>;

/** Notes a request that no client of the meta API sends, as a curl line. */
export function noteRequest(url: string, hasAccount: boolean, { flags, notes }: Looking): void {
  if (flags.showRequest === true) notes.request(curlLine({ url, account: { kind: hasAccount ? 'other' : 'none' } }));
}

/** An error as the reason for which something is not known: without the words on what could not be done. */
export function failureOf(error: KapadminError): Failure {
  const { kind, code, message, hint } = error;
  return { kind, code, why: message.replace(/^cannot [^:]*: /, ''), hint };
}

/** What a question gives, or why it gives nothing. Rejects when the command is told to stop. */
export async function reading<T>(stop: AbortSignal, ask: () => Promise<T>): Promise<Read<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    if (!(error instanceof KapadminError)) throw error;
    if (stop.aborted) throw stopped(stop, 'stopped while the cluster was looked at; nothing was changed');
    return { ok: false, failure: failureOf(error) };
  }
}
