import { inGoJson, lowerCaseEscapes } from './forms.js';

/** An answer that repeats what a server was sent: the whole of it, as bytes of HTTP or in place of them. */
export interface Echo {
  readonly name: string;
  answer(sent: string): string;
}

const json = 'content-type: application/json\r\n';

function reply(status: string, body: string, headers = json): string {
  const length = Buffer.byteLength(body);
  return `HTTP/1.1 ${status}\r\n${headers}connection: close\r\ncontent-length: ${length}\r\n\r\n${body}`;
}

function error(status: string, text: string): string {
  return reply(status, JSON.stringify({ error: text }));
}

const percent = encodeURIComponent;
const hex = (text: string): string => Buffer.from(text).toString('hex');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Every byte as `%xx`, in lower case. */
function everyByte(text: string): string {
  return hex(text).replaceAll(/../g, '%$&');
}

/** The first secret that came as the label of a host name, where it is short enough for one. */
function asHost(sent: string): string {
  const label = hex(sent.replace(/(?<= %\/\S{9}) [^]*/, ''));
  return `${label.length > 63 ? 'stranger' : label}.invalid`;
}

export const echoes: readonly Echo[] = [
  { name: '401, as it came', answer: (sent) => error('401 Unauthorized', sent) },
  { name: '401 without JSON', answer: (sent) => reply('401 Unauthorized', `no: ${sent}`, '') },
  { name: '400, JSON of Go in JSON', answer: (sent) => error('400 Bad Request', `bad: "${inGoJson(sent)}"`) },
  { name: '403, percent-encoded', answer: (sent) => error('403 Forbidden', percent(sent)) },
  {
    name: '403, a form in lower case',
    answer: (sent) => error('403 Forbidden', lowerCaseEscapes(percent(sent).replaceAll('%20', '+'))),
  },
  { name: '404, each byte percent-encoded', answer: (sent) => error('404 Not Found', everyByte(sent)) },
  { name: '404, in hex', answer: (sent) => reply('404 Not Found', hex(sent), '') },
  ...[0, 1, 2].map((more): Echo => {
    return {
      name: `500, in base64 after ${more}`,
      answer: (sent) => error('500 Oops', base64('x'.repeat(more) + sent)),
    };
  }),
  {
    name: '500, in base64 for URLs',
    answer: (sent) => error('500 Oops', Buffer.from(sent).toString('base64url')),
  },
  { name: '503, a page', answer: (sent) => reply('503 Busy', `<html>${sent}</html>`, '') },
  { name: '200, a page', answer: (sent) => reply('200 OK', `<html>${sent}</html>`, '') },
  { name: '200, not JSON', answer: (sent) => reply('200 OK', sent) },
  {
    name: '200, of another shape',
    answer: (sent) => reply('200 OK', JSON.stringify({ users: { [sent]: sent }, error: sent })),
  },
  { name: '500, after many blanks', answer: (sent) => reply('500 Oops', `${' '.repeat(8150)}${sent}`, '') },
  {
    name: '302, in the Location',
    answer: (sent) => reply('302 Found', '', `location: https://login/?came=${percent(sent)}\r\n`),
  },
  { name: '307 to itself', answer: (sent) => reply('307 Go', '', `location: /again?came=${percent(sent)}\r\n`) },
  {
    name: '307 to a host of that name',
    answer: (sent) => reply('307 Go', '', `location: http://${asHost(sent)}:8091/\r\n`),
  },
  { name: '307 to no URL', answer: (sent) => reply('307 Go', '', `location: ftp://${percent(sent)}\r\n`) },
  {
    name: '307 to an account',
    answer: (sent) => reply('307 Go', '', `location: http://x:${percent(sent)}@stranger.invalid/user\r\n`),
  },
  { name: 'no HTTP', answer: (sent) => `you said ${sent}\r\n\r\n` },
  { name: 'compressed by what came', answer: (sent) => reply('200 OK', 'x', `content-encoding: ${percent(sent)}\r\n`) },
  {
    name: '500, in reason and headers',
    answer: (sent) =>
      reply(
        `500 ${percent(sent)}`,
        '',
        ['x-influxdb-version', 'x-kapacitor-version', 'www-authenticate', 'server', 'via', 'date', 'content-type']
          .map((name) => `${name}: ${percent(sent)}\r\n`)
          .join(''),
      ),
  },
];
