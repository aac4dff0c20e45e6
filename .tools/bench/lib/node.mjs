import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/**
 * Starts a meta node that answers at once.
 * @returns url, `set({answers, afterWrites})` (bodies of GET by path), `count()` ({posts, seconds} since the last
 * `set`, from the first POST to the last answer), `close()`
 */
export async function startNode() {
  const child = fork(path.join(import.meta.dirname, 'trivial-node.mjs'), { serialization: 'advanced' });
  const ask = async (message) => {
    child.send(message);
    return (await once(child, 'message'))[0];
  };
  const [{ port }] = await once(child, 'message');
  return {
    url: `http://127.0.0.1:${port}`,
    set: (bodies) => ask({ set: bodies }),
    count: () => ask({}),
    close: () => child.disconnect(),
  };
}
