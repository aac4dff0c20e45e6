import { describe, expect, it } from 'vitest';
import { frame } from '../../../src/sandbox/front/framing.js';
import { readRaw } from './kapacitor.js';

const asked = { isHttp11: true, closes: false, keepAlive10: false, method: 'GET' };
const old = { ...asked, isHttp11: false, closes: true };

function framed(body: string, how: Partial<typeof asked> = {}, status = 200) {
  const { bytes, closes } = frame(
    {
      status,
      headers: [
        ['B', '1'],
        ['A', '2'],
      ],
      body,
      gzip: 0,
    },
    { ...asked, ...how },
    'now',
    false,
  );
  return { ...readRaw(bytes), closes };
}

describe('an answer on the wire', () => {
  it('up to 2048 bytes has its length, its own headers sorted before the date', () => {
    expect(framed('x'.repeat(2048))).toEqual({
      line: 'HTTP/1.1 200 OK',
      headers: ['A: 2', 'B: 1', 'Date', 'Content-Length: 2048'],
      body: 'x'.repeat(2048),
      closes: false,
    });
  });

  it('with more goes out in a chunk', () => {
    const { headers, body } = framed('x'.repeat(2049));
    expect(headers).toEqual(['A: 2', 'B: 1', 'Date', 'Transfer-Encoding: chunked']);
    expect(body).toBe(`801\r\n${'x'.repeat(2049)}\r\n0\r\n\r\n`);
  });

  it('with more runs to the end of the connection in HTTP/1.0', () => {
    const { line, headers, body, closes } = framed('x'.repeat(2049), { ...old, keepAlive10: true, closes: false });
    expect([line, headers, body.length, closes]).toEqual(['HTTP/1.0 200 OK', ['A: 2', 'B: 1', 'Date'], 2049, true]);
  });

  it('to HEAD tells the length that it does not send, where it is known', () => {
    expect(framed('xy', { method: 'HEAD' })).toMatchObject({
      body: '',
      headers: ['A: 2', 'B: 1', 'Date', 'Content-Length: 2'],
    });
    expect(framed('', { method: 'HEAD' }).headers).toEqual(['A: 2', 'B: 1', 'Date']);
    expect(framed('x'.repeat(2049), { method: 'HEAD' }).headers).toEqual(['A: 2', 'B: 1', 'Date']);
  });

  it('without content has neither length nor body', () => {
    expect(framed('xy', {}, 204)).toMatchObject({
      line: 'HTTP/1.1 204 No Content',
      body: '',
      headers: ['A: 2', 'B: 1', 'Date'],
    });
  });

  it('says close where the client said it, and keep-alive where HTTP/1.0 asked for it', () => {
    expect(framed('x', { closes: true })).toMatchObject({
      closes: true,
      headers: expect.arrayContaining(['Connection: close']),
    });
    expect(framed('x', old)).toMatchObject({ closes: true, headers: ['A: 2', 'B: 1', 'Date', 'Content-Length: 1'] });
    expect(framed('x', { ...old, closes: false, keepAlive10: true })).toMatchObject({
      closes: false,
      headers: expect.arrayContaining(['Connection: keep-alive']),
    });
  });
});
