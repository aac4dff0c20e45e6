import type { Member } from './node.js';
import type { Listener, ListenerGuard, ListenerTls } from './listener.js';
import { listenMeta, type Responder } from './server.js';

/** The sockets of a cluster's nodes, counted from 0. */
export interface RunningNodes {
  readonly members: readonly Member[];
  kill(i: number): Promise<void>;
  revive(i: number): Promise<void>;
  close(): Promise<void>;
}

/** `first` is the first node's port, the others take the next ones; with 0 each takes a free one. */
export async function runningNodes(
  count: number,
  first: number,
  guard: ListenerGuard,
  tls: ListenerTls | undefined,
  responder: (i: number) => Responder,
): Promise<RunningNodes> {
  const listeners: (Listener | undefined)[] = [];
  const closeAll = async (): Promise<void> => {
    await Promise.all(listeners.map(async (listener) => listener?.close()));
  };
  try {
    for (let i = 0; i < count; i++)
      listeners.push(await listenMeta(first === 0 ? 0 : first + i, responder(i), guard, tls));
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
      if (port !== undefined) listeners[i] ??= await listenMeta(port, responder(i), guard, tls);
    },
    close: closeAll,
  };
}
