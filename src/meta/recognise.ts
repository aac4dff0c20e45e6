import type { Sender } from './sender.js';
import { ExchangeFailure, type Answer } from './transport/exchange.js';

// What Go's and nginx's servers answer, in plain http, on a TLS port.
const complaint = /HTTP request (was sent )?to (an )?HTTPS (server|port)/i;

function complains(answer: Answer): boolean {
  return answer.status === 400 && complaint.test(Buffer.from(answer.body.subarray(0, 1000)).toString('latin1'));
}

type Recognise = (origin: string, send: () => Promise<Answer>) => Promise<Answer>;

/**
 * Makes a function that tells a TLS port from a broken connection. A port that never answered plain http and hangs up
 * is asked once whether it speaks TLS.
 */
export function makeRecogniser(speaksTls: (origin: string) => Promise<boolean>): Recognise {
  const plain = new Set<string>();
  const probes = new Map<string, Promise<boolean>>();

  async function isTls(origin: string): Promise<boolean> {
    const probe = probes.get(origin) ?? speaksTls(origin);
    probes.set(origin, probe);
    return probe;
  }

  return async (origin, send) => {
    const isPlain = origin.startsWith('http:');
    try {
      const answer = await send();
      if (isPlain && complains(answer)) throw new ExchangeFailure('plain-http-to-https', false);
      plain.add(origin);
      return answer;
    } catch (error) {
      const lost = error instanceof ExchangeFailure && error.reason === 'connection-lost' && error.sent;
      if (lost && isPlain && !plain.has(origin) && (await isTls(origin))) {
        throw new ExchangeFailure('plain-http-to-https', false);
      }
      throw error;
    }
  };
}

/** A sender that tells a TLS port from a broken connection. */
export function recogniseTls(sender: Sender, speaksTls: (origin: string) => Promise<boolean>): Sender {
  const recognise = makeRecogniser(speaksTls);
  return {
    ...sender,
    send: (target, path, request, timeout) =>
      recognise(target.origin, () => sender.send(target, path, request, timeout)),
  };
}
