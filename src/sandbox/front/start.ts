import { ask } from './ask.js';
import { makeBcryptInTurn } from './bcrypt-in-turn.js';
import {
  configurationFrom,
  standardConfiguration,
  type ConfFile,
  type MetaSide,
  type ReadFile,
} from './configuration.js';
import { Front } from './front.js';
import type { Front as RunningFront } from '../options.js';
import { listen, listenerGuard } from '../listener.js';
import type { MetaRequest } from '../../auth-engine/effects.js';
import type { KapacitorVersion } from '../../model/kapacitor-versions.js';
import { unknownMethodResponse } from './answers.js';

export interface FrontOptions {
  /** Where it listens; absent: where its configuration says, or anywhere beside a meta node that listens anywhere. */
  readonly port?: number | undefined;
  /** Absent: authentication against the sandbox's meta node, with its account. */
  readonly conf?: ConfFile | undefined;
  readonly version?: KapacitorVersion | undefined;
}

export interface FrontDeps {
  readonly read: ReadFile;
  readonly clock: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
}

const purpose = {
  name: ' for Kapacitor',
  hint: '--kapacitor-port N takes another one, --no-kapacitor goes without.',
};

/**
 * Starts a Kapacitor beside a sandbox's meta node; a configuration that the daemon refuses is a usage error.
 * @param guard which the sandbox's other listeners keep to as well
 */
export async function startFront(
  options: FrontOptions,
  meta: MetaSide,
  deps: FrontDeps,
  guard = listenerGuard(),
): Promise<RunningFront> {
  const { conf, version } = options;
  const { read, clock } = deps;
  const configuration =
    conf === undefined
      ? await standardConfiguration(meta, read, version)
      : await configurationFrom(conf, meta, read, version);
  const { settings, trust, tls } = configuration;
  const stop = new AbortController();
  const tools = {
    clock: { now: () => clock.now(), sleep: (ms: number) => clock.sleep(ms, stop.signal) },
    ask: (request: MetaRequest, left: number) => ask(request, trust, left, stop.signal),
    bcrypt: makeBcryptInTurn(),
  };
  const front = new Front(settings, tools, version);
  const port = options.port ?? (meta.isPortFree ? 0 : configuration.port);
  const listener = await listen(
    { port, tls, guard, purpose, unknownMethod: unknownMethodResponse },
    (message, body, response) => front.respond(message, body, response),
  );
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${listener.port}`,
    async close() {
      await listener.close();
      stop.abort();
    },
  };
}
