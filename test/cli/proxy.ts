import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEachTest } from '../cleanup.js';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly authorization: string | undefined;
}

/** What becomes of a request: an answer of its own, or another body that is passed on; undefined passes it as it is. */
export type Meddle = (
  asked: Asked,
) => { status: number; answer: string; headers?: Record<string, string> } | { body: string } | undefined;

const ends: (() => void)[] = [];

afterEachTest(() => {
  for (const end of ends.splice(0)) end();
});

/** A server before a meta node that answers some requests itself; closed after the test. */
export async function meddling(target: string, meddle: Meddle): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '' } = incoming;
      const body = Buffer.concat(chunks).toString();
      const done = meddle({ method, path: url, body, authorization: incoming.headers.authorization });
      if (done !== undefined && 'status' in done) {
        outgoing.writeHead(done.status, { 'content-type': 'application/json', ...done.headers }).end(done.answer);
        return;
      }
      const passed = done?.body ?? body;
      const headers: IncomingHttpHeaders = { ...incoming.headers };
      delete headers['content-length'];
      delete headers['transfer-encoding'];
      const onward = request(new URL(url, target), { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      onward.end(passed);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
