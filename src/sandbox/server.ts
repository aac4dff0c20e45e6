import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen, type Listener, type ListenerGuard, type ListenerTls } from './listener.js';
import type { MetaAnswer, MetaRequest } from './message.js';

/** Answers a request to a meta node by writing to `response`; never rejects. */
export type Responder = (request: MetaRequest, response: ServerResponse) => Promise<void>;

const purpose = { name: '', hint: '--port 0 picks a free one.' };

function toRequest(message: IncomingMessage, body: Buffer): MetaRequest {
  const target = (message.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const mark = target.indexOf('?');
  return {
    method: message.method ?? 'GET',
    path: (mark < 0 ? target : target.slice(0, mark)) || '/',
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers: message.headers,
    body: body.toString('utf8'),
  };
}

/** Sends an answer as it is. */
export function send(response: ServerResponse, answer: MetaAnswer): void {
  const headers = answer.headers.flat();
  if (answer.status !== 204) headers.push('Content-Length', String(Buffer.byteLength(answer.body)));
  response.writeHead(answer.status, headers).end(answer.body);
}

/** One meta node on 127.0.0.1; port 0 takes a free one. A port that cannot be had is a usage error. */
export function listenMeta(
  port: number,
  responder: Responder,
  guard: ListenerGuard,
  tls?: ListenerTls,
): Promise<Listener> {
  return listen({ port, tls, guard, purpose }, (message, body, response) =>
    responder(toRequest(message, body), response),
  );
}
