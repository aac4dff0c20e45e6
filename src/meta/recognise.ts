import type { Sender } from './sender.js';
import { ExchangeFailure, type Answer } from './transport/exchange.js';

// What Go's and nginx's servers answer, in plain http, on a TLS port.
const complaint = /HTTP request (was sent )?to (an )?HTTPS (server|port)/i;

function complains(answer: Answer): boolean {
  return answer.status === 400 && complaint.test(Buffer.from(answer.body.subarray(0, 1000)).toString('latin1'));
}

/**
 * A sender that tells a TLS port from a broken connection. A port that never answered plain http and hangs up is asked
 * once whether it speaks TLS.
 */
export function recogniseTls(sender: Sender, speaksTls: (origin: string) => Promise<boolean>): Sender {
  const plain = new Set<string>();
  const probes = new Map<string, Promise<boolean>>();

  async function isTls(origin: string): Promise<boolean> {
    const probe = probes.get(origin) ?? speaksTls(origin);
    probes.set(origin, probe);
    return probe;
  }

  return {
    ...sender,
    async send(target, path, request, timeout) {
      try {
        const answer = await sender.send(target, path, request, timeout);
        if (target.scheme === 'http:' && complains(answer)) throw new ExchangeFailure('plain-http-to-https', false);
        plain.add(target.origin);
        return answer;
      } catch (error) {
        const lost = error instanceof ExchangeFailure && error.reason === 'connection-lost' && error.sent;
        if (lost && target.scheme === 'http:' && !plain.has(target.origin) && (await isTls(target.origin))) {
          throw new ExchangeFailure('plain-http-to-https', false);
        }
        throw error;
      }
    },
  };
}
