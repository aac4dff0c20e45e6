import type { KapadminError } from '../../errors.js';
import { showName } from '../../model/text.js';
import { type Style, styled, type Text } from '../style.js';
import type { View } from '../view.js';

/** What came of one user at one Kapacitor; `planned` in a dry run. */
export interface FlushResult {
  /** Scheme, host and port. */
  readonly kapacitor: string;
  readonly user: string;
  readonly status: 'planned' | 'flushed' | 'failed' | 'unknown' | 'not-started';
  /** Kapacitor's own store had the name too, and the user there was deleted with it. */
  readonly deletedLocal: boolean;
  readonly error?: KapadminError;
}

/** Until when Kapacitor may use what it cached, where it was not flushed; times as ISO 8601. */
export interface CacheExpiry {
  /** Of the user record, with its permissions. */
  readonly userUntil: string;
  /** Of the last accepted password. */
  readonly passwordUntil: string;
  /** The basis of the times. */
  readonly basis: string;
}

export interface FlushReport {
  readonly dryRun: boolean;
  readonly results: readonly FlushResult[];
  /** Null where all was flushed, or Kapacitor caches no users of the cluster. */
  readonly expiry: CacheExpiry | null;
}

/** Errors that the error message of the command names itself. */
const maxNamed = 3;

function resultLine(result: FlushResult, why: string, { color }: Style): Text {
  const { status, user, kapacitor, deletedLocal } = result;
  const where = `${showName(user)} at ${kapacitor}`;
  const fromCaches = `${showName(user)} from the caches of Kapacitor at ${kapacitor}`;
  const local = deletedLocal ? ", and deleted it from Kapacitor's own store" : '';
  switch (status) {
    case 'flushed':
      return `flushed ${fromCaches}${local}`;
    case 'planned':
      return `would flush ${fromCaches}${deletedLocal ? ", and delete it from Kapacitor's own store" : ''}`;
    case 'failed':
      return styled`${color.red('not flushed:')} ${where}${why}`;
    case 'unknown':
      return styled`${color.red('result unknown:')} ${where}${why}`;
    case 'not-started':
      return styled`${color.yellow('not started:')} ${where}`;
  }
}

export const flushView: View<FlushReport> = {
  text: ({ results, expiry }, style) => {
    const isCounted = results.filter(({ error }) => error !== undefined).length > maxNamed;
    const lines = results.map((result) =>
      resultLine(result, isCounted && result.error !== undefined ? ` (${result.error.message})` : '', style),
    );
    const missed = results.filter(({ status }) => status !== 'flushed' && status !== 'planned').length;
    if (expiry === null || missed === 0) return lines;
    const { userUntil, passwordUntil, basis } = expiry;
    const what = missed === 1 ? 'Its cached entry expires' : 'Their cached entries expire';
    return [...lines, `${what} by ${userUntil}; an old password may be accepted until ${passwordUntil} (${basis}).`];
  },
  json: ({ dryRun, results, expiry }) => ({
    dryRun,
    results: results.map(({ error, ...result }) => ({
      ...result,
      ...(error === undefined
        ? {}
        : {
            error: {
              code: error.code,
              message: error.message,
              ...(error.hint === undefined ? {} : { hint: error.hint }),
            },
          }),
    })),
    expiry,
  }),
};
