import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/meta/client.js';
import { basic, clientOf, createJoe, failureOf, fastClock } from '../clients.js';
import { answer, deadUrl, serve, serveRaw } from '../server.js';

describe('an interruption', () => {
  it('before the call: nothing is sent', async () => {
    const server = await serve((_, response) => answer(response, 200));
    const signal = AbortSignal.abort('SIGINT');
    const error = await failureOf(clientOf(server.url).writeUser(createJoe, { signal }));
    expect(error).toMatchObject({ kind: 'interrupted', code: 'aborted', deliveryStatus: 'not-sent' });
    expect(server.seen).toEqual([]);
  });

  it.each([
    ['SIGINT', 'interrupted'],
    ['SIGTERM', 'terminated'],
    ['SIGHUP', 'hung-up'],
  ])('by %s while a write waits for its answer: %s, and the fate is unknown', async (reason, kind) => {
    const controller = new AbortController();
    const server = await serve(() => controller.abort(reason));
    const error = await failureOf(clientOf(server.url).writeUser(createJoe, { signal: controller.signal }));
    expect(error).toMatchObject({ kind, code: 'aborted', deliveryStatus: 'unknown' });
    expect(server.seen).toHaveLength(1);
  });

  it('while the connection is being made: nothing is sent afterwards', async () => {
    const controller = new AbortController();
    const server = await serveRaw(() => controller.abort());
    const url = server.url.replace('http:', 'https:');
    const error = await failureOf(clientOf(url).writeUser(createJoe, { signal: controller.signal }));
    expect(error).toMatchObject({ code: 'aborted', deliveryStatus: 'not-sent' });
  });

  it('in a pause ends it at once', async () => {
    const controller = new AbortController();
    const client = clientOf(await deadUrl(), {
      clock: systemClock,
      observe: (event) => {
        if (event.type === 'wait') controller.abort();
      },
    });
    const error = await failureOf(client.writeUser(createJoe, { signal: controller.signal }));
    expect(error).toMatchObject({ kind: 'interrupted', code: 'aborted', deliveryStatus: 'not-sent' });
    expect(error.message).toContain('cannot create user "joe"');
  });

  it('while the hosts of the cluster are asked for', async () => {
    const controller = new AbortController();
    const server = await serve((seen, response) => {
      if (seen.method === 'POST') answer(response, 307, undefined, { location: 'http://stranger.invalid:8091/user' });
      else controller.abort();
    });
    const error = await failureOf(clientOf(server.url).writeUser(createJoe, { signal: controller.signal }));
    expect(error).toMatchObject({ code: 'aborted', deliveryStatus: 'responded' });
  });

  it('ends many requests of one signal, without a warning', async () => {
    const warnings: string[] = [];
    const note = (warning: Error) => void warnings.push(warning.name);
    process.on('warning', note);
    const controller = new AbortController();
    let open = 0;
    const server = await serve(() => {
      open += 1;
      if (open === 40) controller.abort();
    });
    const client = clientOf(server.url);
    const calls = Array.from({ length: 40 }, () =>
      failureOf(client.writeUser(createJoe, { signal: controller.signal })),
    );
    const codes = (await Promise.all(calls)).map(({ code, deliveryStatus }) => `${code} ${deliveryStatus}`);
    expect(new Set(codes)).toEqual(new Set(['aborted unknown']));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  it('of one request leaves the others alone', async () => {
    const controller = new AbortController();
    const server = await serve((seen, response) => {
      if (seen.url.endsWith('stop')) controller.abort();
      else setTimeout(() => answer(response, 200, {}), 30);
    });
    const client = clientOf(server.url);
    const [stopped, other] = await Promise.all([
      failureOf(client.users({ name: 'stop', signal: controller.signal })),
      client.users({ name: 'go', signal: new AbortController().signal }),
    ]);
    expect(stopped.code).toBe('aborted');
    expect(other).toEqual([]);
  });
});

it('closing the client ends what is under way, and closing it twice does no harm', async () => {
  const server = await serve(() => void client.close());
  const client = clientOf(server.url);
  expect(await failureOf(client.writeUser(createJoe))).toMatchObject({ deliveryStatus: 'unknown' });
  await client.close();
});

describe('a node that cannot be reached', () => {
  it('refused: tried 4 times with growing pauses, for a write too, since nothing was sent', async () => {
    const url = await deadUrl();
    const clock = fastClock();
    const error = await failureOf(clientOf(url, { clock }).writeUser(createJoe));
    expect(error).toMatchObject({ kind: 'unreachable', code: 'connection-refused', deliveryStatus: 'not-sent' });
    expect(error.message).toBe(
      `cannot create user "joe": POST ${url}/user: connection refused (ECONNREFUSED) (4 tries)`,
    );
    expect(clock.slept).toEqual([100, 200, 400]);
  });

  it('retries: 0 gives one try', async () => {
    const clock = fastClock();
    await failureOf(clientOf(await deadUrl(), { clock, retries: 0 }).users());
    expect(clock.slept).toEqual([]);
  });

  it('jitter shortens the pauses by up to a half', async () => {
    const clock = fastClock();
    await failureOf(clientOf(await deadUrl(), { clock, random: () => 1 }).users());
    expect(clock.slept).toEqual([50, 100, 200]);
  });

  it('an unknown host name is reported as such', async () => {
    const error = await failureOf(clientOf('http://no-such-host.invalid:8091', { retries: 0 }).users());
    expect(error).toMatchObject({ kind: 'unreachable', code: 'dns-failed', deliveryStatus: 'not-sent' });
    expect(error.message).toContain('no-such-host.invalid');
  });

  it('a node that comes up between two tries is used', async () => {
    let connections = 0;
    const server = await serveRaw((socket) => {
      connections++;
      if (connections < 3) socket.destroy();
      else socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'));
    });
    expect(await clientOf(server.url).users()).toEqual([]);
  });
});

describe('a connection that breaks after the request was sent', () => {
  it('a read is tried again', async () => {
    let count = 0;
    const server = await serve((_, response) => {
      if (count++ < 2) response.socket?.destroy();
      else answer(response, 200, {});
    });
    expect(await clientOf(server.url).users()).toEqual([]);
    expect(server.seen).toHaveLength(3);
  });

  it('a write is sent once, and its fate is unknown', async () => {
    const server = await serve((_, response) => response.socket?.destroy());
    const error = await failureOf(clientOf(server.url, { credentials: basic }).writeUser(createJoe));
    expect(error).toMatchObject({ kind: 'unreachable', code: 'connection-lost', deliveryStatus: 'unknown' });
    expect(server.seen).toHaveLength(1);
  });

  it('so is that of a write on a connection that was good before', async () => {
    const server = await serve((seen, response) => {
      if (seen.method === 'GET') answer(response, 200, {});
      else response.socket?.resetAndDestroy();
    });
    const client = clientOf(server.url);
    await client.users();
    expect(await failureOf(client.writeUser(createJoe))).toMatchObject({
      code: 'connection-lost',
      deliveryStatus: 'unknown',
    });
    expect(server.seen.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});

describe('the limit of time', () => {
  it('ends a request that is never answered: a read once, since there is no other node', async () => {
    const server = await serve(() => undefined);
    const error = await failureOf(clientOf(server.url, { timeout: 80 }).users());
    expect(error).toMatchObject({ kind: 'unreachable', code: 'timeout', hint: expect.stringContaining('--timeout') });
    expect(server.seen).toHaveLength(1);
  });

  it('leaves the fate of a write unknown', async () => {
    const server = await serve(() => undefined);
    const error = await failureOf(clientOf(server.url, { timeout: 80 }).writeUser(createJoe));
    expect(error).toMatchObject({ code: 'timeout', deliveryStatus: 'unknown' });
    expect(server.seen).toHaveLength(1);
  });

  it('ends an answer that drips', async () => {
    const server = await serve((_, response) => {
      const timer = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(timer));
    });
    expect(await failureOf(clientOf(server.url, { timeout: 120 }).users())).toMatchObject({ code: 'timeout' });
  });

  it('ends headers that drip', async () => {
    const server = await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('X: y\r\n'), 10);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await failureOf(clientOf(server.url, { timeout: 120 }).users())).toMatchObject({ code: 'timeout' });
  });

  it('ends informational answers without end', async () => {
    const server = await serveRaw((socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 10);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await failureOf(clientOf(server.url, { timeout: 120 }).users())).toMatchObject({ code: 'timeout' });
  });

  it('ends a handshake that is never answered: nothing was sent', async () => {
    const server = await serveRaw(() => undefined);
    const url = server.url.replace('http:', 'https:');
    const error = await failureOf(clientOf(url, { connectTimeout: 80, retries: 1 }).writeUser(createJoe));
    expect(error).toMatchObject({ kind: 'unreachable', code: 'timeout', deliveryStatus: 'not-sent' });
    expect(error.hint).toContain('--connect-timeout');
  });
});
