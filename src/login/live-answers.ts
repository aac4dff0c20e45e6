import type { Deps } from '../cli/factory.js';
import { KapadminError, usageError } from '../errors.js';
import { lookupTimeout } from '../auth-engine/lookup.js';
import type { Trace } from '../auth-engine/trace.js';
import type { KapacitorVersion } from '../model/kapacitor-versions.js';
import { maskSecrets } from '../meta/redact.js';
import { createPlainClient, type PlainClient } from '../meta/raw-client.js';
import { excerpt } from '../model/text.js';
import { curlLine } from '../settings/curl.js';
import { compareLive } from './agreement.js';
import type { Asked } from './asked.js';
import { askKapacitor, checkSendable } from './kapacitor-live.js';
import type { LiveAnswer } from './report.js';
import { secretsOfDaemon, secretsOfRequest } from './secrets.js';
import type { LoginTarget } from './target.js';

export interface LiveOptions {
  /** Send any method, and not those alone that change nothing. */
  readonly anyMethod: boolean;
  /** Certificates to trust in place of the system's, as PEM. */
  readonly ca: string | undefined;
  /** The release that the prediction goes by; the default where nobody named one. */
  readonly version?: KapacitorVersion | undefined;
}

/** Methods that change nothing at Kapacitor. */
const harmless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request may go to Kapacitor itself; of the standard endpoints only the harmless ones. */
function isSent({ method }: Asked, { anyMethod }: LiveOptions): boolean {
  return anyMethod || harmless.has(method);
}

/** Throws a usage error for a request that cannot be sent, or would change something and was not asked for in so many words. */
export function checkLive(requests: readonly Asked[], options: LiveOptions): void {
  for (const asked of requests) checkSendable(asked.request);
  const many = requests.length > 1;
  if (many && options.anyMethod) {
    throw usageError('no-path', '--live-any-method needs a path in --url', 'Name the one request that is to be sent.');
  }
  const refused = many ? undefined : requests.find((asked) => !isSent(asked, options));
  if (refused === undefined) return;
  const method = excerpt(refused.method, 20);
  throw usageError(
    'live-method',
    `--live would send ${method} to Kapacitor, which may change something there`,
    'Give --live-any-method to send it all the same.',
  );
}

/** A request with what was foreseen of it. */
export interface Predicted {
  readonly asked: Asked;
  readonly trace: Trace;
}

export interface LiveAnswers {
  /** By the place of the request; undefined where it was not sent. */
  readonly answers: readonly (LiveAnswer | undefined)[];
  /** Why no more were asked. */
  readonly failure: KapadminError | undefined;
}

/** Sends the requests to Kapacitor itself, one after the other, and compares its answers with what was foreseen. */
export async function liveAnswers(
  tried: readonly Predicted[],
  options: LiveOptions,
  target: LoginTarget,
  deps: Deps,
): Promise<LiveAnswers> {
  const { limits, proxy } = await deps.network();
  const timeout = limits.timeout + lookupTimeout / 1e6;
  const client = createPlainClient({ tls: { ca: options.ca }, proxy, ...limits, timeout });
  try {
    return await askEach(client, tried, options, target, deps);
  } finally {
    await client.close();
  }
}

async function askEach(
  client: PlainClient,
  tried: readonly Predicted[],
  options: LiveOptions,
  target: LoginTarget,
  deps: Deps,
): Promise<LiveAnswers> {
  const answers: (LiveAnswer | undefined)[] = [];
  for (const { asked, trace } of tried) {
    const { origin, request, method, path } = asked;
    if (!isSent(asked, options)) {
      answers.push(undefined);
      continue;
    }
    if (deps.flags.showRequest === true) {
      const isAuthorized = request.headers.some(([name]) => name.toLowerCase() === 'authorization');
      const account = { kind: isAuthorized ? 'other' : 'none' } as const;
      deps.notes.request(curlLine({ url: origin + path, account }, { flags: ['--path-as-is', '-X', method] }));
    }
    try {
      const secrets = [...secretsOfDaemon(target.settings), ...secretsOfRequest(request)];
      const answer = await askKapacitor(client, origin, request, secrets, deps.context.stop);
      answers.push(compareLive(trace, method, answer, target, (text) => maskSecrets(text, secrets), options.version));
    } catch (error) {
      if (error instanceof KapadminError && error.kind === 'unreachable') return { answers, failure: error };
      throw error;
    }
  }
  return { answers, failure: undefined };
}
