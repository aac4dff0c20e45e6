import { describe, expect, it } from 'vitest';
import { toBinary } from '../../../src/kapacitor/go/utf8.js';
import { answerOf } from '../../../src/sandbox/front/answers.js';
import { decide, front, send, toHttp } from './kapacitor.js';
import { rows } from './table.js';

const around = { requestId: 'x', hasUsers: true };

describe('the table of answers, as pure functions', () => {
  it.each(rows)('$title', async ({ line, status, answers, text, body = '', ...sending }) => {
    const request = toHttp(line, sending);
    const answer = answerOf(await decide(request), request, body, around);
    expect(String(answer.status)).toBe(status.slice(0, 3));
    const headers = answer.headers.map(([name, value]) => (name === 'Request-Id' ? name : `${name}: ${value}`));
    expect(headers.filter((header) => header !== 'Connection: close').toSorted()).toEqual(answers.toSorted());
    if (!line.startsWith('HEAD')) expect(answer.body).toBe(text);
  });
});

describe('the table of answers, through a socket', () => {
  it.each(rows)('$title', async ({ line, status, answers, text, ...sending }) => {
    const got = await send(await front(), line, sending);
    expect(got.line).toBe(`HTTP/1.1 ${status}`);
    expect(got.body).toBe(text);
    const headers = got.headers.filter((header) => !header.startsWith('Content-Length: '));
    expect(headers.toSorted()).toEqual(answers.toSorted());
    const length = got.headers.find((header) => header.startsWith('Content-Length: '));
    if (!line.startsWith('HEAD'))
      expect(length).toBe(status.startsWith('204') ? undefined : `Content-Length: ${text.length}`);
  });

  it('paths and databases are quoted as Go quotes them', async () => {
    const port = await front();
    const denied = await send(port, 'GET /kapacitor/v1/%ff', { as: 'writer:pw' });
    expect(denied.body).toContain('API endpoint \\"/kapacitor/v1/\\\\xff\\""');
    const named = await send(port, 'POST /kapacitor/v1/write?db=%C3%A9%01', { as: 'writer:pw' });
    expect(named.body).toBe(toBinary('"writer" user is not authorized to write to database "é\\x01"\n'));
  });
});
