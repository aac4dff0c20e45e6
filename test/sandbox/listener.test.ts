import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { RequestBodyBudget, listen } from '../../src/sandbox/listener.js';
import { admin } from './meta-node/ask.js';
import { overHttp } from './meta-node/over-http.js';
import { sandbox } from './running.js';

describe('bodies that are held together', () => {
  it('drop the largest that still arrives where there is no room', () => {
    const dropped: string[] = [];
    const budget = new RequestBodyBudget(100);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => budget.open(() => dropped.push(name)));
    expect([a!.add(50), b!.add(40), c!.add(5)]).toEqual([true, true, true]);
    expect([c!.add(20), dropped]).toEqual([true, ['a']]);
    expect([a!.add(1), dropped]).toEqual([false, ['a']]);
    expect([c!.add(60), dropped]).toEqual([false, ['a', 'c']]);
  });

  it('do not drop one that is complete, which counts until it is released', () => {
    const dropped: string[] = [];
    const budget = new RequestBodyBudget(100);
    const [a, b] = ['a', 'b'].map((name) => budget.open(() => dropped.push(name)));
    a!.add(90);
    a!.complete();
    expect([b!.add(20), dropped]).toEqual([false, ['b']]);
    a!.release();
    a!.release();
    expect(budget.open(() => dropped.push('c')).add(100)).toBe(true);
    expect(dropped).toEqual(['b']);
  });

  it('attack L14: are bounded together before any login, and leave room for others', async () => {
    const { urls } = await sandbox({ nodes: 3 });
    const part = 'x'.repeat(8 * 1024 * 1024);
    const sockets: Socket[] = [];
    for (let i = 0; i < 12; i++) {
      const socket = connect(Number(new URL(urls[i % 3] ?? '').port), '127.0.0.1');
      socket.on('error', () => {});
      socket.write(`POST /user HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${2 * part.length}\r\n\r\n${part}`);
      sockets.push(socket);
    }
    const cut = (): number => sockets.filter(({ destroyed }) => destroyed).length;
    while (cut() < 4) await new Promise((resolve) => setTimeout(resolve, 10));
    const body = { action: 'create', user: { name: 'a', password: 'b' } };
    expect((await overHttp(urls[0] ?? '', 'POST /user', { ...admin, body })).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  it('are not held by one who was answered and does not read', async () => {
    const { url } = await sandbox();
    const long = { action: 'create', user: { name: 'z'.repeat(16 * 1024 * 1024), password: 'b' } };
    expect((await overHttp(url, 'POST /user', { ...admin, body: long })).status).toBe(200);
    const size = 31 * 1024 * 1024;
    const sockets: Socket[] = [];
    for (let i = 0; i < 3; i++) {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.on('error', () => {});
      socket.write(`GET /user?u=admin&p=changeit HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${size}\r\n\r\n`);
      socket.write('x'.repeat(size));
      await once(socket, 'readable');
      sockets.push(socket);
    }
    const large = { action: 'create', user: { name: 'y'.repeat(31 * 1024 * 1024), password: 'b' } };
    expect((await overHttp(url, 'POST /user', { ...admin, body: large })).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  it('count until they were handled, also where the client has left', async () => {
    const bodies = new RequestBodyBudget(100);
    let handled = (): void => {};
    let began = (): void => {};
    let left = (): void => {};
    const begun = new Promise<void>((resolve) => (began = resolve));
    const gone = new Promise<void>((resolve) => (left = resolve));
    const listener = await listen(
      { port: 0, guard: { hostNames: new Set(), bodies }, purpose: { name: '', hint: '' } },
      (_, __, response) => {
        began();
        response.once('close', left);
        return new Promise((resolve) => {
          handled = () => {
            response.end();
            resolve();
          };
        });
      },
    );
    const socket = connect(listener.port, '127.0.0.1');
    socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\n${'x'.repeat(90)}`);
    await begun;
    socket.destroy();
    await gone;
    expect(bodies.open(() => {}).add(20)).toBe(false);
    handled();
    await listener.close();
    expect(bodies.open(() => {}).add(20)).toBe(true);
  });
});
