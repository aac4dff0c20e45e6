import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface RecordedRequest {
  readonly path: string;
  readonly authorization: string | undefined;
}

/** A meta node without users that keeps what it was sent. */
export interface Recorder {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Resolves when so many requests came. */
  sees(count: number): Promise<void>;
  close(): Promise<void>;
}

/** @param act answers a request in its own time; at once by default */
export async function startRecorder(
  act: (respond: (body: string) => void) => unknown = (respond) => respond('{"users":[],"roles":[]}'),
): Promise<Recorder> {
  const requests: RecordedRequest[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    requests.push({ path: url, authorization: headers.authorization });
    for (const { count, resolve } of waiting) if (requests.length >= count) resolve();
    act((body) => response.end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sees: (count) =>
      new Promise((resolve) => (requests.length >= count ? resolve() : waiting.push({ count, resolve }))),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
