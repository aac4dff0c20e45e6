import { describe, expect, it } from 'vitest';
import type { MetaAnswer, MetaRequest } from '../../../src/auth-engine/effects.js';
import { front, metaNode, send } from './kapacitor.js';

/** A front whose meta node is asked in virtual time: each answer takes `taking` ms. */
async function asked(answer: (request: MetaRequest, count: number) => MetaAnswer, taking = 0) {
  let now = 0;
  const times: number[] = [];
  const port = await front(
    {},
    {
      clock: {
        now: () => now,
        sleep: (ms) => {
          now += ms;
          return Promise.resolve();
        },
      },
      ask: (request) => {
        times.push(Math.round(now));
        now += taking;
        return answer(request, times.length);
      },
    },
  );
  const { line, body } = await send(port, 'GET /kapacitor/v1/tasks', { as: 'johndoe:pw' });
  return { status: line.slice(9, 12), body, times, took: Math.round(now) };
}

const unavailable: MetaAnswer = { status: 503, location: '', body: '{"error":"no leader"}' };
const refused: MetaAnswer = { error: 'refused', text: 'connection refused' };
const failed = '{"error":"authorization failed","message":"authorization failed"}';

describe('lookups', () => {
  it('that fail are tried at the times of the daemon, and answered when ten seconds are up', async () => {
    expect(await asked(() => unavailable)).toEqual({
      status: '401',
      body: failed,
      times: [0, 20, 420, 3753, 7087],
      took: 10_000,
    });
  });

  it('count the pauses from the end of each attempt', async () => {
    expect(await asked(() => refused, 1000)).toMatchObject({ times: [0, 1020, 2420, 6753], took: 10_000 });
  });

  it('end with the first right answer', async () => {
    const node = metaNode();
    const got = await asked((request, count) => (count < 3 ? unavailable : node(request)));
    expect(got).toMatchObject({ status: '200', times: [0, 20, 420], took: 420 });
  });

  it('follow redirects without a pause', async () => {
    const node = metaNode();
    const away: MetaAnswer = { status: 307, location: 'http://127.0.0.1:8092/user?name=johndoe', body: '' };
    const got = await asked((request, count) => (count === 1 ? away : node(request)));
    expect(got).toMatchObject({ status: '200', times: [0, 0] });
  });

  it('without any answer are not tried again', async () => {
    const got = await asked(() => ({ error: 'timeout', text: 'no answer' }), 10_000);
    expect(got).toMatchObject({ status: '401', times: [0], took: 10_000 });
  });

  it('of LDAP users ask for the document and for the password, each with its own ten seconds', async () => {
    const document = '{"users":[{"name":"johndoe","hash":"","permissions":{"":["KapacitorAPI"]}}]}';
    const got = await asked((request) =>
      request.path === '/user'
        ? { status: 200, location: '', body: document }
        : { status: 401, location: '', body: '{"error":"authorization failed"}' },
    );
    expect(got).toMatchObject({ status: '401', times: [0, 0, 20, 420, 3753, 7087], took: 10_000 });
  });
});
