import type { Answer } from './answers.js';
import type { Head } from './head.js';

/** What net/http writes: all bytes of the answer, binary, and whether the connection ends with it. */
export interface Framed {
  readonly bytes: string;
  readonly closes: boolean;
}

/** A body of at most so many bytes goes out with its length, a longer one in chunks. */
const bufferBeforeChunking = 2048;

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  204: 'No Content',
  301: 'Moved Permanently',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  417: 'Expectation Failed',
  500: 'Internal Server Error',
};

type Asked = Pick<Head, 'isHttp11' | 'closes' | 'keepAlive10'> & { readonly method: string };

function lines(headers: Answer['headers']): string {
  return headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
}

function sorted(headers: Answer['headers']): Answer['headers'] {
  return headers.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)));
}

/** An error of the server itself goes out as it is. */
function writeError({ status, headers, body }: Answer, line: string): Framed {
  return { bytes: `HTTP/1.1 ${status} ${line}\r\n${lines(headers)}\r\n${body}`, closes: true };
}

/**
 * Frames an answer as net/http does (server.go, chunkWriter.writeHeader).
 * @param date in the form of HTTP
 * @param mustClose the request's body could not be read to its end
 */
export function frame(answer: Answer, asked: Asked, date: string, mustClose: boolean): Framed {
  if (answer.errorLine !== undefined) return writeError(answer, answer.errorLine);
  const { status, headers, body } = answer;
  const { isHttp11 } = asked;
  const isHead = asked.method === 'HEAD';
  const hasBody = status !== 204;
  const told = headers.find(([name]) => name === 'Content-Length')?.[1];
  const isShort = body.length <= bufferBeforeChunking;
  const length = told ?? (hasBody && isShort && (!isHead || body !== '') ? String(body.length) : undefined);
  const extra: [string, string][] = [['Date', date]];
  if (told === undefined && length !== undefined) extra.push(['Content-Length', length]);

  const stays10 = asked.keepAlive10 && (isHead || length !== undefined || !hasBody);
  const isChunked = hasBody && !isHead && length === undefined && isHttp11;
  const runsToEnd = hasBody && !isHead && length === undefined && !isHttp11;
  const saysClose = headers.some(([name]) => name === 'Connection');
  const closes = mustClose || saysClose || runsToEnd || (!stays10 && (asked.closes || !isHttp11));
  if (stays10 && !closes) extra.push(['Connection', 'keep-alive']);
  else if (closes && !saysClose && isHttp11) extra.push(['Connection', 'close']);
  if (isChunked) extra.push(['Transfer-Encoding', 'chunked']);

  const line = `HTTP/${isHttp11 ? '1.1' : '1.0'} ${status} ${reasons[status] ?? ''}\r\n`;
  const chunks = isChunked ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : hasBody && !isHead ? body : '';
  return { bytes: `${line}${lines(sorted(headers))}${lines(extra)}\r\n${chunks}`, closes };
}
