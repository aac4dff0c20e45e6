import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { startDaemon, type Daemon, type DaemonSettings } from '../../kapacitor/daemon.js';
import { handle } from '../../kapacitor/handle.js';
import type { HttpRequest } from '../../kapacitor/request.js';
import type { Trace } from '../../kapacitor/trace.js';
import type { BcryptRequest } from '../../kapacitor/wanted.js';
import { drive } from '../../drive/drive.js';
import { answerOf, type Answer } from './answers.js';
import type { Answering } from './connection.js';
import { Lookups, type Ask, type LookupClock } from './lookups.js';

export interface FrontTools {
  readonly clock: LookupClock;
  readonly ask: Ask;
  bcrypt(request: BcryptRequest): Promise<string>;
}

function compressed(answer: Answer): Answer {
  let bytes = Buffer.from(answer.body, 'latin1');
  for (let layer = 0; layer < answer.gzip; layer++) bytes = gzipSync(bytes);
  return { ...answer, body: bytes.toString('latin1') };
}

/** One Kapacitor: the engine's daemon with a real clock and real lookups. */
export class Front implements Answering {
  readonly #daemon: Daemon;
  readonly #tools: FrontTools;

  constructor(settings: DaemonSettings, tools: FrontTools) {
    this.#tools = tools;
    this.#daemon = startDaemon(settings, tools.clock.now());
  }

  async decide(request: HttpRequest): Promise<Trace> {
    const { ask, clock, bcrypt } = this.#tools;
    const lookups = new Lookups(ask, clock);
    const now = (clock.now() - this.#daemon.startedAt) * 1e6;
    const drivers = { meta: (wanted: Parameters<Lookups['meta']>[0]) => lookups.meta(wanted), bcrypt };
    const trace = await drive(handle(this.#daemon, request, now), drivers);
    await lookups.settle(trace);
    return trace;
  }

  answer(trace: Trace, request: HttpRequest, body: string): Answer {
    const hasUsers = this.#daemon.settings.users !== 'noauth';
    const answer = answerOf(trace, request, body, { requestId: randomUUID(), hasUsers });
    return answer.gzip === 0 ? answer : compressed(answer);
  }

  date(): string {
    return new Date(this.#tools.clock.now()).toUTCString();
  }
}
