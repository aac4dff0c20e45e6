import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen, type Listener, type ListenerGuard, type ListenerTls } from '../listener.js';
import { errorReply, type NodeResponse, type NodeRequest } from './messages.js';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type InjectedFault, pickFault, type FaultPlan, seededRandom } from '../faults.js';
import { runAsync, type AsyncBcrypt } from './login.js';
import type { HandlerOptions, Member, SandboxNode } from './cluster.js';
import { handleNodeRequest } from './handler.js';

/** Responds to a request to a meta node by writing to `response`; never rejects. */
export type Responder = (request: NodeRequest, response: ServerResponse) => Promise<void>;

const purpose = { name: '', hint: '--port 0 picks a free one.' };

function toRequest(message: IncomingMessage, body: Buffer): NodeRequest {
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

/** Sends a response unchanged. */
export function sendResponse(response: ServerResponse, nodeResponse: NodeResponse): void {
  const headers = nodeResponse.headers.flat();
  if (nodeResponse.status !== 204) headers.push('Content-Length', String(Buffer.byteLength(nodeResponse.body)));
  response.writeHead(nodeResponse.status, headers).end(nodeResponse.body);
}

/** One meta node on 127.0.0.1; port 0 takes a free one. A port that cannot be had is a usage error. */
export function listenMetaNode(
  port: number,
  responder: Responder,
  guard: ListenerGuard,
  tls?: ListenerTls,
): Promise<Listener> {
  return listen({ port, tls, guard, purpose }, (message, body, response) =>
    responder(toRequest(message, body), response),
  );
}

/** Ends the connection without a response, as a broken link does. */
function cutConnection(response: ServerResponse): void {
  const socket = response.socket;
  if (socket instanceof TLSSocket) socket.destroy();
  else if (socket instanceof Socket) socket.resetAndDestroy();
}

function serialize(nodeResponse: NodeResponse): Buffer {
  const lines = nodeResponse.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const length = Buffer.byteLength(nodeResponse.body);
  return Buffer.from(
    `HTTP/1.1 ${nodeResponse.status} OK\r\n${lines}Content-Length: ${length}\r\n\r\n${nodeResponse.body}`,
  );
}

/** Sends a response with a fault; `chance` in [0, 1) chooses where it is cut, or the garbage. */
function injectFault(response: ServerResponse, nodeResponse: NodeResponse, fault: InjectedFault, chance: number): void {
  if (fault === 'truncate') {
    const bytes = serialize(nodeResponse);
    response.socket?.end(bytes.subarray(0, 1 + Math.floor(chance * (bytes.length - 1))));
  } else if (fault === 'garbage') {
    if (chance < 0.5) response.socket?.end('\x16\x03\x01\x02 this is no HTTP\r\n\r\n');
    else sendResponse(response, { ...nodeResponse, status: 200, body: '<html><body>\u0000{"users":[{' });
  } else if (fault === 'unavailable') {
    sendResponse(response, nodeResponse);
  } else {
    cutConnection(response);
  }
}

export interface ResponderDeps {
  /** Milliseconds since 1970. */
  now(): number;
  requestId(): string;
  readonly bcrypt: AsyncBcrypt;
  /** Faults on demand; the requests of all nodes are counted together. */
  readonly faults?: { readonly plan: FaultPlan; readonly seed: number } | undefined;
}

/**
 * Handles the requests of one node: through the handler, then through the requested faults. While `node` returns
 * undefined, the cluster is starting and has no leader.
 */
export function createResponders(
  options: HandlerOptions,
  deps: ResponderDeps,
): (node: () => SandboxNode | undefined) => Responder {
  const { faults } = deps;
  let count = 0;
  const answer = (node: SandboxNode | undefined, request: NodeRequest): NodeResponse | Promise<NodeResponse> =>
    node === undefined
      ? errorReply(503, 'no leader')
      : runAsync(
          handleNodeRequest(node, options, request, { now: deps.now(), requestId: deps.requestId() }),
          deps.bcrypt,
        );
  return (node) => async (request, response) => {
    try {
      if (faults === undefined) {
        const given = answer(node(), request);
        sendResponse(response, given instanceof Promise ? await given : given);
        return;
      }
      const n = count++;
      const fault = pickFault(faults.plan, faults.seed, n);
      const early = fault === 'reset-before' || fault === 'unavailable';
      const given = early ? errorReply(503, 'service unavailable') : await answer(node(), request);
      if (faults.plan.delay > 0) await new Promise((resolve) => setTimeout(resolve, faults.plan.delay).unref());
      if (fault === undefined) sendResponse(response, given);
      else injectFault(response, given, fault, seededRandom(faults.seed, n)[1]);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else sendResponse(response, errorReply(500, `the sandbox failed: ${String(error)}`));
    }
  };
}

/** The sockets of a cluster's nodes, counted from 0. */
export interface NodeServers {
  readonly members: readonly Member[];
  kill(i: number): Promise<void>;
  revive(i: number): Promise<void>;
  close(): Promise<void>;
}

/** `first` is the first node's port, the others take the next ones; with 0 each takes a free one. */
export async function startNodes(
  count: number,
  first: number,
  guard: ListenerGuard,
  tls: ListenerTls | undefined,
  responder: (i: number) => Responder,
): Promise<NodeServers> {
  const listeners: (Listener | undefined)[] = [];
  const closeAll = async (): Promise<void> => {
    await Promise.all(listeners.map(async (listener) => listener?.close()));
  };
  try {
    for (let i = 0; i < count; i++)
      listeners.push(await listenMetaNode(first === 0 ? 0 : first + i, responder(i), guard, tls));
  } catch (error) {
    await closeAll();
    throw error;
  }
  const ports = listeners.map((listener) => listener?.port ?? 0);
  const members = ports.map((port, i) => ({
    id: i + 1,
    scheme: tls ? ('https' as const) : ('http' as const),
    httpAddr: `127.0.0.1:${port}`,
    raftAddr: `127.0.0.1:${8089 + 100 * i}`,
  }));
  return {
    members,
    async kill(i) {
      const listener = listeners[i];
      listeners[i] = undefined;
      await listener?.cut();
    },
    async revive(i) {
      const port = ports[i];
      if (port !== undefined) listeners[i] ??= await listenMetaNode(port, responder(i), guard, tls);
    },
    close: closeAll,
  };
}
