import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/meta/clock.js';
import { clientOf, createJoe, failureOf } from './clients.js';
import { answer, deadUrl, serve, serveRaw } from './server.js';

describe('an interruption', () => {
  it('before the call: nothing is sent', async () => {
    const server = await serve((_, response) => answer(response, 200));
    const signal = AbortSignal.abort('SIGINT');
    const error = await failureOf(clientOf(server.url).writeUser(createJoe, { signal }));
    expect(error).toMatchObject({ kind: 'interrupted', code: 'aborted', fate: 'not-sent' });
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
    expect(error).toMatchObject({ kind, code: 'aborted', fate: 'unknown' });
    expect(server.seen).toHaveLength(1);
  });

  it('while the connection is being made: nothing is sent afterwards', async () => {
    const controller = new AbortController();
    const server = await serveRaw(() => controller.abort());
    const url = server.url.replace('http:', 'https:');
    const error = await failureOf(clientOf(url).writeUser(createJoe, { signal: controller.signal }));
    expect(error).toMatchObject({ code: 'aborted', fate: 'not-sent' });
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
    expect(error).toMatchObject({ kind: 'interrupted', code: 'aborted', fate: 'not-sent' });
    expect(error.message).toContain('cannot create user "joe"');
  });

  it('while the hosts of the cluster are asked for', async () => {
    const controller = new AbortController();
    const server = await serve((seen, response) => {
      if (seen.method === 'POST') answer(response, 307, undefined, { location: 'http://stranger.invalid:8091/user' });
      else controller.abort();
    });
    const error = await failureOf(clientOf(server.url).writeUser(createJoe, { signal: controller.signal }));
    expect(error).toMatchObject({ code: 'aborted', fate: 'answered' });
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
    const codes = (await Promise.all(calls)).map(({ code, fate }) => `${code} ${fate}`);
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
  expect(await failureOf(client.writeUser(createJoe))).toMatchObject({ fate: 'unknown' });
  await client.close();
});
