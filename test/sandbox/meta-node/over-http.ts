import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { admin, type Sent, toRequest } from './ask.js';

export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Trust {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly agent?: Agent;
}

/** Sends one request, on a connection of its own unless an agent is given: `overHttp(url, 'GET /user', admin)`. */
export function overHttp(url: string, line: string, sent: Sent = admin, trust: Trust = {}): Promise<Got> {
  const { method, path, query, headers, body } = toRequest(line, sent);
  const send = url.startsWith('https') ? secureRequest : request;
  return new Promise((resolve, reject) => {
    const target = `${url}${path}${query === '' ? '' : `?${query}`}`;
    const all = { ...headers, ...(body === '' ? {} : { 'Content-Length': Buffer.byteLength(body) }) };
    const outgoing = send(target, { method, headers: all, agent: false, ...trust }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** The code of the error with which a request ends, such as ECONNRESET; undefined where it is answered. */
export async function failure(attempt: Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
