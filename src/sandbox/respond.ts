import { run, type SlowBcrypt } from './drive.js';
import type { HandlerOptions } from './exchange.js';
import { faultOf, roll, type Faults } from './faults.js';
import { handle } from './handler.js';
import type { MetaAnswer, MetaRequest } from './message.js';
import type { MetaNode } from './node.js';
import { errorReply } from './reply.js';
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

/**
 * Answers the requests of one node: through the handler, then through the faults asked for. While `node` gives nothing,
 * the cluster is not up yet and has no leader.
 */
export function makeResponders(
  options: HandlerOptions,
  around: Surroundings,
): (node: () => MetaNode | undefined) => Responder {
  const { faults } = around;
  let count = 0;
  const answer = (node: MetaNode | undefined, request: MetaRequest): MetaAnswer | Promise<MetaAnswer> =>
    node === undefined
      ? errorReply(503, 'no leader')
      : run(handle(node, options, request, { now: around.now(), requestId: around.requestId() }), around.bcrypt);
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
      const given = early ? errorReply(503, 'service unavailable') : await answer(node(), request);
      if (faults.plan.delay > 0) await new Promise((resolve) => setTimeout(resolve, faults.plan.delay).unref());
      if (fault === undefined) send(response, given);
      else sendSpoiled(response, given, fault, roll(faults.seed, n)[1]);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else send(response, errorReply(500, `the sandbox failed: ${String(error)}`));
    }
  };
}
