import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { BodyBudget } from '../../src/sandbox/body-budget.js';
import { admin } from './ask.js';
import { overHttp } from './over-http.js';
import { sandbox } from './running.js';

describe('bodies that are held together', () => {
  it('drop the largest that still arrives where there is no room', () => {
    const dropped: string[] = [];
    const budget = new BodyBudget(100);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => budget.open(() => dropped.push(name)));
    expect([a!.add(50), b!.add(40), c!.add(5)]).toEqual([true, true, true]);
    expect([c!.add(20), dropped]).toEqual([true, ['a']]);
    expect([a!.add(1), dropped]).toEqual([false, ['a']]);
    expect([c!.add(60), dropped]).toEqual([false, ['a', 'c']]);
  });

  it('do not drop one that is complete, which counts until it is released', () => {
    const dropped: string[] = [];
    const budget = new BodyBudget(100);
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
});
