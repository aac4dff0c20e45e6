import type { Sender } from './sender.js';
import { ExchangeFailure } from './transport/exchange.js';

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
