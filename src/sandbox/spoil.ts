import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Fault } from './faults.js';
import type { MetaAnswer } from './message.js';
import { send } from './server.js';

/** Ends the connection without an answer, as a broken link does. */
export function cutConnection(response: ServerResponse): void {
  const socket = response.socket;
  if (socket instanceof TLSSocket) socket.destroy();
  else if (socket instanceof Socket) socket.resetAndDestroy();
}

function serialize(answer: MetaAnswer): Buffer {
  const lines = answer.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const length = Buffer.byteLength(answer.body);
  return Buffer.from(`HTTP/1.1 ${answer.status} OK\r\n${lines}Content-Length: ${length}\r\n\r\n${answer.body}`);
}

/** Sends an answer with a fault on its way; `chance` in [0, 1) chooses where it is cut, or which garbage comes. */
export function sendSpoiled(response: ServerResponse, answer: MetaAnswer, fault: Fault, chance: number): void {
  if (fault === 'truncate') {
    const bytes = serialize(answer);
    response.socket?.end(bytes.subarray(0, 1 + Math.floor(chance * (bytes.length - 1))));
  } else if (fault === 'garbage') {
    if (chance < 0.5) response.socket?.end('\x16\x03\x01\x02 this is no HTTP\r\n\r\n');
    else send(response, { ...answer, status: 200, body: '<html><body>\u0000{"users":[{' });
  } else if (fault === 'unavailable') {
    send(response, answer);
  } else {
    cutConnection(response);
  }
}
