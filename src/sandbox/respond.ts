import { run, type SlowBcrypt } from './drive.js';
import type { HandlerOptions } from './exchange.js';
import { faultOf, roll, type Faults } from './faults.js';
import { handle } from './handler.js';
import type { MetaAnswer, MetaRequest } from './message.js';
import type { MetaNode } from './node.js';
import { send, type Responder } from './server.js';
import { sendSpoiled } from './spoil.js';

export interface Surroundings {
  /** Milliseconds since 1970. */
  now(): number;
  requestId(): string;
  readonly bcrypt: SlowBcrypt;
  /** Faults on demand; the requests of all nodes are counted together. */
  readonly faults?: { readonly plan: Faults; readonly seed: number } | undefined;
}

const empty: MetaAnswer = { status: 200, headers: [['Content-Type', 'application/json']], body: '' };

/** Answers the requests of one node: through the handler, then through the faults asked for. `node` may come up later. */
export function makeResponders(options: HandlerOptions, around: Surroundings): (node: () => MetaNode) => Responder {
  const { faults } = around;
  let count = 0;
  const answer = (node: MetaNode, request: MetaRequest): MetaAnswer | Promise<MetaAnswer> =>
    run(handle(node, options, request, { now: around.now(), requestId: around.requestId() }), around.bcrypt);
  return (node) => async (request, response) => {
    try {
      if (faults === undefined) {
        const given = answer(node(), request);
        send(response, given instanceof Promise ? await given : given);
        return;
      }
      const n = count++;
      const fault = faultOf(faults.plan, faults.seed, n);
      const early = fault === 'reset-before' || fault === 'unavailable';
      const given = early ? empty : await answer(node(), request);
      if (faults.plan.delay > 0) await new Promise((resolve) => setTimeout(resolve, faults.plan.delay).unref());
      if (fault === undefined) send(response, given);
      else sendSpoiled(response, given, fault, roll(faults.seed, n)[1]);
    } catch (error) {
      response.destroy(error instanceof Error ? error : undefined);
    }
  };
}
