import { describe, expect, it } from 'vitest';
import { parseHead, parseRequestLine } from '../../../src/sandbox/front/head.js';

/** The head of `GET /x` with these header lines, or how the server answers it. */
function head(lines: readonly string[], line = 'GET /x HTTP/1.1') {
  const first = parseRequestLine(line);
  if (!first.ok) return first.answer.errorLine;
  const whole = parseHead(first.value, lines);
  return whole.ok ? whole.value : whole.answer.errorLine;
}

const host = 'Host: x';

describe('a request line', () => {
  it.each([
    'GET /x',
    'GET  /x HTTP/1.1',
    'GET /x y HTTP/1.1',
    'GET /x http/1.1',
    'GET /x HTTP/1.10',
    'GET x HTTP/1.1',
    'GET /%zz HTTP/1.1',
    'GET /\u0001 HTTP/1.1',
    'G@T /x HTTP/1.1',
    ' GET /x HTTP/1.1',
    '',
  ])('%j is a bad request', (line) => {
    expect(head([host], line)).toBe('Bad Request');
  });

  it.each([
    'get /x HTTP/1.1',
    'FOO /|"<> HTTP/1.1',
    'GET /\u00e9 HTTP/1.9',
    'CONNECT h:1 HTTP/1.1',
    'OPTIONS * HTTP/1.0',
  ])('%j is taken', (line) => {
    expect(head([host], line)).toHaveProperty('length', 0);
  });

  it('another major version is not supported', () => {
    expect(head([host], 'GET /x HTTP/2.0')).toBe('HTTP Version Not Supported: unsupported protocol version');
  });
});

describe('a header', () => {
  it.each([
    [[], 'Bad Request: missing required Host header'],
    [['Host: a b'], 'Bad Request: malformed Host header'],
    [['Host: x/y'], 'Bad Request: malformed Host header'],
    [[host, 'A B: c'], 'Bad Request: invalid header name'],
    [[host, 'A : c'], 'Bad Request: invalid header name'],
    [[host, host], 'Bad Request'],
    [[' A: b', host], 'Bad Request'],
    [[host, 'no colon'], 'Bad Request'],
    [[host, ': no name'], 'Bad Request'],
    [[host, 'X(Y): z'], 'Bad Request'],
    [[host, 'A: \u0001'], 'Bad Request'],
    [[host, 'Content-Length: x'], 'Bad Request'],
    [[host, 'Content-Length: -1'], 'Bad Request'],
    [[host, 'Content-Length:'], 'Bad Request'],
    [[host, 'Content-Length: 1', 'Content-Length: 2'], 'Bad Request'],
    [[host, 'Content-Length: 9223372036854775808'], 'Bad Request'],
    [[host, 'Transfer-Encoding: gzip'], 'Not Implemented'],
    [[host, 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], 'Not Implemented'],
  ])('%j is answered %j', (lines, line) => {
    expect(head(lines)).toBe(line);
  });

  it('goes on in lines that begin with a blank', () => {
    expect(head([host, 'A: b ', '\t c', 'D: e'])).toMatchObject({
      request: {
        headers: [
          ['Host', 'x'],
          ['A', 'b c'],
          ['D', 'e'],
        ],
      },
    });
  });

  it('may hold bytes beyond ASCII, and repeat a name', () => {
    const headers = [host, 'A: \u00ff', 'a: 2'];
    expect(head(headers)).toHaveProperty('request.headers', [
      ['Host', 'x'],
      ['A', '\u00ff'],
      ['a', '2'],
    ]);
  });

  it('in HTTP/1.0 needs no host and ends the connection unless it asks to stay', () => {
    expect(head([], 'GET /x HTTP/1.0')).toMatchObject({ closes: true, keepAlive10: false, isHttp11: false });
    expect(head(['Connection: Keep-Alive'], 'GET /x HTTP/1.0')).toMatchObject({ closes: false, keepAlive10: true });
    expect(head(['Transfer-Encoding: chunked'], 'GET /x HTTP/1.0')).toHaveProperty('length', 0);
  });

  it('tells the length of the body and what the client waits for', () => {
    expect(head([host, 'Content-Length: 3', 'content-length: 3'])).toMatchObject({ length: 3, expects: 'nothing' });
    expect(head([host, 'Transfer-Encoding: Chunked', 'Content-Length: 3'])).toHaveProperty('length', 'chunked');
    expect(head([host, 'Content-Length: 3', 'Expect: 100-Continue'])).toHaveProperty('expects', 'continue');
    expect(head([host, 'Expect: 100-continue'])).toHaveProperty('expects', 'nothing');
    expect(head([host, 'Expect: miracles'])).toHaveProperty('expects', 'unknown');
    expect(head([host, 'Connection: x, Close'])).toHaveProperty('closes', true);
  });
});
