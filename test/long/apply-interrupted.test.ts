import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { kapadmin, start, withSandbox } from '../flows/harness.js';

const count = 20;
const names = Array.from({ length: count }, (_, i) => `user${i}`);
const state = JSON.stringify({
  users: Object.fromEntries(
    names.map((name) => [name, { password: { generate: true }, permissions: { '': ['KapacitorAPI'] } }]),
  ),
});

interface Gateway {
  readonly url: string;
  close(): Promise<void>;
}

/** Passes requests on to a node; calls `act` when the n-th POST was sent on. */
async function gatewayTo(node: string, n: number, act: () => void): Promise<Gateway> {
  let posts = 0;
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const target = new URL(request.url ?? '/', node);
      const { host: _, ...headers } = request.headers;
      const on = http.request(target, { method: request.method, headers }, (answer) => {
        response.on('error', () => {});
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      on.on('error', () => response.destroy());
      on.end(Buffer.concat(chunks), () => {
        if (request.method !== 'POST') return;
        posts += 1;
        if (posts === n) act();
      });
    });
    request.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const ends = { killed: 0, finished: 0 };

describe('verdict 36: apply of 20 users with a grant each, bcrypt cost 10, killed after POST', () => {
  it.each(Array.from({ length: 2 * count }, (_, i) => i + 1))('%i, ends as desired with one more run', async (n) => {
    await withSandbox({ bcryptCost: 10 }, async ({ urls, env }) => {
      const home = makeFolder({ 'state.json': state });
      let kill = (): void => {};
      const gateway = await gatewayTo(urls[0] ?? '', n, () => kill());
      try {
        const words = ['apply', 'state.json', '--passwords-out', 'made', '-q'];
        const around = { home, env: { ...env, KAPADMIN_META_URL: gateway.url } };
        const running = await start(words, around);
        kill = () => running.signal('SIGKILL');
        await running.ended.then(
          () => (ends.finished += 1),
          () => (ends.killed += 1),
        );
        kill = () => {};
        const again = await kapadmin(words, around);
        expect(again.code, again.stderr).toBe(0);
        const plan = await kapadmin(['plan', 'state.json', '--prune'], around);
        expect(plan.code, plan.stdout).toBe(0);
        const passwords = ['plan', 'state.json', '--check-passwords', '--passwords-out', 'made'];
        const compared = await kapadmin(passwords, around);
        expect(compared.code, compared.stdout).toBe(0);
      } finally {
        await gateway.close();
      }
    });
  });

  it('was killed most times', () => {
    expect(ends.killed).toBeGreaterThan(2 * count - 3);
  });
});
