import { describe, expect, it } from 'vitest';
import { toBinary } from '../../../src/go-compat/utf8.js';
import { parseKapacitorVersion } from '../../../src/model/kapacitor-versions.js';
import { buildResponse } from '../../../src/sandbox/kapacitor/server.js';
import { sign } from '../meta-node/ask.js';
import { decide, startTestKapacitor, send, toHttp } from './kapacitor.js';
import { rows } from './response-table.js';

const identity = { requestId: 'x', release: '1.8.3' };

describe('the table of answers, as pure functions', () => {
  it.each(rows)('$title', async ({ line, status, answers, text, ...sending }) => {
    const request = toHttp(line, sending);
    const answer = buildResponse(await decide(request), request, identity);
    expect(String(answer.status)).toBe(status.slice(0, 3));
    const headers = answer.headers.map(([name, value]) => (name === 'Request-Id' ? name : `${name}: ${value}`));
    expect(headers.filter((header) => header !== 'Connection: close').toSorted()).toEqual(answers.toSorted());
    if (!line.startsWith('HEAD')) expect(answer.body).toBe(text);
  });
});

describe('the table of answers, through a socket', () => {
  it.each(rows)('$title', async ({ line, status, answers, text, ...sending }) => {
    const got = await send(await startTestKapacitor(), line, sending);
    expect(got.line).toBe(`HTTP/1.1 ${status}`);
    expect(got.body).toBe(text);
    const headers = got.headers.filter((header) => !header.startsWith('Content-Length: '));
    expect(headers.toSorted()).toEqual(answers.toSorted());
    const length = got.headers.find((header) => header.startsWith('Content-Length: '));
    if (!line.startsWith('HEAD'))
      expect(length).toBe(status.startsWith('204') ? undefined : `Content-Length: ${text.length}`);
  });

  it('paths and databases are quoted as Go quotes them', async () => {
    const port = await startTestKapacitor();
    const denied = await send(port, 'GET /kapacitor/v1/%ff', { as: 'writer:pw' });
    expect(denied.body).toContain('API endpoint \\"/kapacitor/v1/\\\\xff\\""');
    const named = await send(port, 'POST /kapacitor/v1/write?db=%C3%A9%01', { as: 'writer:pw' });
    expect(named.body).toBe(toBinary('"writer" user is not authorized to write to database "é\\x01"\n'));
  });

  it.each([
    ['1.6.2', '1.6.2'],
    ['1.7', '1.7.7'],
    ['1.8', '1.8.3'],
  ])('of version %s name release %s', async (version, release) => {
    const got = await send(await startTestKapacitor({}, {}, parseKapacitorVersion(version)), 'GET /kapacitor/v1/tasks');
    expect(got.headers).toContain(`X-Kapacitor-Version: ${release}`);
  });

  const token = sign({ username: 'johndoe', exp: 4_000_000_000 }, 'secret');
  const noCredentials = 'unable to parse authentication credentials';

  it.each([
    ['1.6.4', `Bearer ${token}`, '', 200, '"tasks"'],
    ['1.6.4', `Bearer  ${token}`, '', 401, noCredentials],
    ['1.6.5', `Bearer  ${token}`, '', 401, 'invalid token'],
    ['1.6.4', 'Bearer a b', '', 401, noCredentials],
    ['1.6.4', 'Bearer a b', '?u=johndoe&p=pw', 200, '"tasks"'],
    ['1.6.4', 'Bearer ab', '?u=johndoe&p=pw', 401, 'token contains an invalid number of segments'],
    ['1.6.5', 'Bearer a b', '?u=johndoe&p=pw', 401, 'token contains an invalid number of segments'],
    ['1.8', 'Bearer a b', '?u=johndoe&p=pw', 401, 'token contains an invalid number of segments'],
  ])('of version %s to "%s"%s are %i, %s', async (version, header, query, status, said) => {
    const port = await startTestKapacitor({}, {}, parseKapacitorVersion(version));
    const headers = [`Authorization: ${header}`];
    const { line, body } = await send(port, `GET /kapacitor/v1/tasks${query}`, { headers });
    expect(line).toContain(` ${status} `);
    expect(body).toContain(said);
  });

  it('are those of the version: a password over 72 bytes is refused since 1.7.1', async () => {
    const body = JSON.stringify({ name: 'ghost', password: 'x'.repeat(73) });
    const create = async (version: string): Promise<string> => {
      const port = await startTestKapacitor({}, {}, parseKapacitorVersion(version));
      return (await send(port, 'POST /kapacitor/v1/users', { as: 'johndoe:pw', body })).line;
    };
    expect(await create('1.7.0')).toBe('HTTP/1.1 200 OK');
    expect(await create('1.7.1')).toBe('HTTP/1.1 500 Internal Server Error');
  });
});
