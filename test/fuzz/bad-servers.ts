import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What a server does with a connection on which a request has come in; `path` is that of the request. */
export type Misbehaviour = (socket: Socket, path: string) => void;

const escape = '\u001b[31m\u001b]0;owned\u0007\u009b2J\u202e';
const json = 'content-type: application/json\r\n';

/** An answer with a body of known length. */
function answer(status: string, body: string | Buffer = '', headers = json): Misbehaviour {
  return (socket) => {
    const bytes = Buffer.from(body);
    socket.write(`HTTP/1.1 ${status}\r\n${headers}content-length: ${bytes.length}\r\n\r\n`);
    socket.end(bytes);
  };
}

/** These bytes, and the end. */
const bytes =
  (text: string | Buffer): Misbehaviour =>
  (socket) =>
    void socket.end(text);

const body = (text: string | Buffer): Misbehaviour => answer('200 OK', text);

/** A piece again and again, as fast as it is taken. */
function endless(head: string, piece: string): Misbehaviour {
  return (socket) => {
    socket.write(head);
    const more = (): void => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on('drain', more);
    more();
  };
}

/** A byte at a time, with a pause between two. */
function drip(head: string, text: string): Misbehaviour {
  return (socket) => {
    socket.write(head);
    let at = 0;
    const timer = setInterval(() => socket.write(text.charAt(at++ % text.length)), 20);
    socket.on('close', () => clearInterval(timer));
  };
}

const ok = `HTTP/1.1 200 OK\r\n${json}`;
const users = (name: unknown, more = {}): string => JSON.stringify({ users: [{ name, ...more }] });
const error = (text: string): string => JSON.stringify({ error: text });
const redirect = (to: string, status = '307 Temporary Redirect'): Misbehaviour =>
  answer(status, '', `location: ${to}\r\n`);

/** How `user list` ends against it: its exit code, and what stderr (of an error) or stdout (of a list) holds. */
export interface BadServer {
  readonly name: string;
  readonly does: Misbehaviour;
  readonly code: number;
  readonly says: RegExp;
}

function row(name: string, does: Misbehaviour, code: number, says: RegExp): BadServer {
  return { name, does, code, says };
}

const connections: readonly BadServer[] = [
  row('hangs up', (socket) => void socket.end(), 3, /connection lost/),
  row('resets', (socket) => void socket.resetAndDestroy(), 3, /connection lost/),
  row('never answers', () => {}, 3, /no complete response within the timeout/),
  row('sends its status a byte at a time', drip('', `${ok}\r\n`), 3, /no complete response within the timeout/),
  row('sends headers a byte at a time', drip(ok, 'x-a: b\r\n'), 3, /no complete response within the timeout/),
  row(
    'sends a body a byte at a time',
    drip(`${ok}content-length: 100000\r\n\r\n`, ' '),
    3,
    /no complete response within the timeout/,
  ),
  row(
    'sends chunks a byte at a time',
    drip(`${ok}transfer-encoding: chunked\r\n\r\n`, '1\r\na\r\n'),
    3,
    /no complete response within the timeout/,
  ),
  row(
    'sends interim answers for ever',
    endless('', 'HTTP/1.1 102 Processing\r\n\r\n'),
    3,
    /no complete response within the timeout/,
  ),
  row('goes on after 100', bytes('HTTP/1.1 100 Continue\r\n\r\n'), 8, /not HTTP/),
  row(
    'switches protocols',
    bytes('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    8,
    /not HTTP/,
  ),
];

const halves: readonly BadServer[] = [
  row('breaks off in the status line', bytes('HTTP/1.1 20'), 3, /./),
  row('breaks off in the headers', bytes('HTTP/1.1 200 OK\r\ncontent-ty'), 3, /./),
  row('breaks off before the body', bytes(`${ok}content-length: 10\r\n\r\n`), 8, /was cut off/),
  row('breaks off in the body', bytes(`${ok}content-length: 1000\r\n\r\n{"users":[`), 8, /was cut off/),
  row('breaks off in a chunk', bytes(`${ok}transfer-encoding: chunked\r\n\r\nff\r\n{"users"`), 8, /was cut off/),
  row('breaks off after a chunk', bytes(`${ok}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n`), 8, /was cut off/),
  row(
    'breaks off in JSON without a length',
    bytes(`${ok}connection: close\r\n\r\n{"users":[{"name":"a"`),
    8,
    /not JSON/,
  ),
  row('gives too small a length', bytes(`${ok}content-length: 5\r\n\r\n{"users":[]}`), 8, /not JSON/),
  row('gives a negative length', bytes(`${ok}content-length: -1\r\n\r\n{}`), 8, /not HTTP/),
  row('gives two lengths', bytes(`${ok}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`), 8, /not HTTP/),
  row('gives a length of letters', bytes(`${ok}content-length: many\r\n\r\n{}`), 8, /not HTTP/),
  row('gives a huge length', bytes(`${ok}content-length: 99999999999999999999999\r\n\r\n{}`), 8, /not HTTP/),
  row('announces more than the limit', bytes(`${ok}content-length: 99999999999\r\n\r\n{}`), 8, /larger than the limit/),
  row(
    'gives length and chunks',
    bytes(`${ok}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`),
    8,
    /not HTTP/,
  ),
  row('gives a bad chunk size', bytes(`${ok}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`), 8, /./),
];

const large: readonly BadServer[] = [
  row(
    'sends a body without end',
    endless(`${ok}connection: close\r\n\r\n`, ' '.repeat(65_536)),
    8,
    /larger than the limit/,
  ),
  row(
    'sends chunks without end',
    endless(`${ok}transfer-encoding: chunked\r\n\r\n`, `10000\r\n${' '.repeat(65_536)}\r\n`),
    8,
    /larger than the limit/,
  ),
  row(
    'sends users without end',
    endless(
      `${ok}transfer-encoding: chunked\r\n\r\nb\r\n{"users":[{\r\n`,
      `1000\r\n${'"name":"x"},{"a"'.repeat(256)}\r\n`,
    ),
    8,
    /larger than the limit/,
  ),
  row(
    'sends headers without end',
    endless('HTTP/1.1 200 OK\r\n', `x-more: ${'a'.repeat(1000)}\r\n`),
    8,
    /headers .* larger/,
  ),
  row(
    'sends a header of 10 MB',
    bytes(`HTTP/1.1 200 OK\r\nx-large: ${'a'.repeat(10_000_000)}\r\n\r\n`),
    8,
    /headers .* larger/,
  ),
  row('sends a status line of 10 MB', bytes(`HTTP/1.1 200 ${'O'.repeat(10_000_000)}\r\n\r\n`), 8, /./),
  row(
    'sends a gzip bomb',
    answer('200 OK', gzipSync(Buffer.alloc(20_000_000)), `${json}content-encoding: gzip\r\n`),
    8,
    /compressed.*gzip/,
  ),
  row('sends gzip without saying so', body(gzipSync('{"users":[]}')), 8, /not UTF-8/),
  row('sends brotli', answer('200 OK', 'x', `${json}content-encoding: br\r\n`), 8, /compressed.*br/),
  row(
    'sends an unknown encoding',
    answer('200 OK', '{}', `${json}content-encoding: ${escape}\r\n`),
    8,
    /compressed|not HTTP/,
  ),
  row('nests arrays deeply', body('['.repeat(900_000)), 8, /nested too deeply/),
  row('nests objects deeply', body('{"a":'.repeat(150_000)), 8, /nested too deeply/),
  row(
    'has very many keys',
    body(`{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":1`).join()}}`),
    0,
    /no users|^$/,
  ),
  row('has a name of 900 KB', body(users('x'.repeat(900_000))), 0, /x{1000}/),
];

const notHttp: readonly BadServer[] = [
  row('speaks SSH', bytes('SSH-2.0-OpenSSH_9.6\r\n'), 8, /not HTTP/),
  row('speaks SMTP', bytes('220 mail ESMTP\r\n'), 8, /not HTTP/),
  row('speaks HTTP/0.9', bytes('<html>hello</html>'), 8, /not HTTP/),
  row('speaks HTTP/9.9', bytes('HTTP/9.9 200 OK\r\n\r\n{}'), 8, /not HTTP/),
  row('speaks ICY', bytes('ICY 200 OK\r\n\r\n{}'), 8, /./),
  row('sends NULs', bytes(Buffer.alloc(1000)), 8, /not HTTP/),
  row('sends random bytes', bytes(Buffer.from('8f3a9c01ff00e7d2b4c5', 'hex')), 8, /not HTTP/),
  row('sends escape sequences in place of HTTP', bytes(`${escape}\r\n\r\n`), 8, /not HTTP/),
  row('sends a TLS alert', bytes(Buffer.from('15030100020228', 'hex')), 3, /speaks TLS/),
  row(
    'answers as nginx does on a TLS port',
    answer('400 Bad Request', '<html>The plain HTTP request was sent to HTTPS port</html>'),
    3,
    /speaks TLS/,
  ),
  row('sends a status of letters', bytes('HTTP/1.1 abc OK\r\n\r\n'), 8, /not HTTP/),
  row('sends status 999', answer('999 What'), 8, /999/),
  row('sends status 000', bytes('HTTP/1.1 000 No\r\ncontent-length: 0\r\n\r\n'), 8, /./),
];

const bodies: readonly BadServer[] = [
  row('sends nothing', body(''), 8, /an empty body/),
  row('sends blanks', body('  \r\n '), 8, /not JSON/),
  row('sends text', body('hello'), 8, /not JSON.*hello/),
  row('sends a page', body('<!DOCTYPE html><title>Sign in</title>'), 8, /HTML/),
  row('sends a page after blanks', body('\n\t <html>'), 8, /HTML/),
  row('sends JSON as another type', answer('200 OK', users('joe'), 'content-type: image/png\r\n'), 0, /joe/),
  row('sends a number', body('1'), 8, /not the response of a meta node/),
  row('sends a list', body('[]'), 8, /not the response of a meta node/),
  row('sends null', body('null'), 8, /not the response of a meta node/),
  row('sends users as an object', body('{"users":{}}'), 8, /not the response of a meta node/),
  row('sends users of null', body('{"users":[null]}'), 8, /not the response of a meta node/),
  row('sends a user without a name', body('{"users":[{}]}'), 8, /not the response of a meta node/),
  row('sends a name that is a number', body(users(1)), 8, /not the response of a meta node/),
  row(
    'sends permissions as a list',
    body(users('a', { permissions: ['ReadData'] })),
    8,
    /not the response of a meta node/,
  ),
  row(
    'sends permissions of numbers',
    body(users('a', { permissions: { '': [1] } })),
    8,
    /not the response of a meta node/,
  ),
  row('sends a hash that is an object', body(users('a', { hash: {} })), 8, /not the response of a meta node/),
  row('sends text after the value', body('{"users":[]}x'), 8, /not JSON/),
  row('sends a comma too much', body('{"users":[],}'), 8, /not JSON/),
  row(
    'sends bytes that are not UTF-8',
    body(Buffer.from('7b227573657273223a5b7b226e616d65223a22ff227d5d7d', 'hex')),
    8,
    /not UTF-8/,
  ),
  row('sends UTF-16', body(Buffer.from('{"users":[]}', 'utf16le')), 8, /not JSON/),
  row('sends a byte order mark', body('\ufeff{"users":[]}'), 8, /not JSON/),
  row('sends NULs in JSON', body('{"users":[\u0000]}'), 8, /not JSON/),
  row('sends escape sequences in place of JSON', body(`${escape}{`), 8, /not JSON.*\\x1b\[31m/),
  row('sends escape sequences as a name', body(users(escape)), 0, /\\x1b\[31m\\x1b\]0;owned\\x07\\x9b2J\\u202e/),
  row(
    'sends escape sequences as a permission',
    body(users('a', { permissions: { [escape]: [escape] } })),
    0,
    /\\x1b\[31m/,
  ),
  row('sends line ends in a name', body(users('a\nb\r\nc')), 0, /a\\x0ab\\x0d\\x0ac/),
  row('sends half a surrogate pair as a name', body('{"users":[{"name":"\\ud800"}]}'), 0, /\\ud800/),
  row('sends __proto__ as a name', body(users('__proto__')), 0, /__proto__/),
  row(
    'sends __proto__ as a scope',
    body('{"users":[{"name":"a","permissions":{"__proto__":["ReadData"]}}]}'),
    0,
    /ReadData \(__proto__\)/,
  ),
  row('sends __proto__ as a key', body('{"__proto__":{"users":[{"name":"evil"}]}}'), 0, /^(?![^]*evil)/),
  row('sends a user twice', body('{"users":[{"name":"a"},{"name":"a"}]}'), 0, /a/),
  row('sends nothing but unknown keys', body('{"error":"none","x":1}'), 0, /^/),
  row('sends an empty name', body(users('')), 0, /^/),
];

const statuses: readonly BadServer[] = [
  row('answers 201', answer('201 Created', '{"users":[]}'), 8, /201/),
  row('answers 204', answer('204 No Content'), 8, /204/),
  row('answers 206', answer('206 Partial Content', '{"users":[]}'), 8, /206/),
  row('answers 304', answer('304 Not Modified'), 8, /304/),
  row('answers 400', answer('400 Bad Request', error(`bad ${escape}`)), 8, /400 bad \\x1b/),
  row('answers 401', answer('401 Unauthorized', error(`no ${escape}`)), 4, /401 no \\x1b/),
  row('answers 401 with a page', answer('401 Unauthorized', '<html>login</html>'), 4, /401/),
  row('answers 403', answer('403 Forbidden', error('no')), 4, /403 no/),
  row('answers 404', answer('404 Not Found', '404 page not found'), 8, /404.*not found/),
  row('answers 407', answer('407 Proxy Authentication Required', error('proxy')), 8, /407/),
  row('answers 418', answer('418 Teapot', error('tea')), 8, /418 tea/),
  row('answers 429', answer('429 Too Many Requests', error('slow down')), 8, /429 slow down/),
  row('answers 500', answer('500 Internal Server Error', error(`oops ${escape}`)), 8, /500 oops \\x1b/),
  row('answers 500 with 1 MB', answer('500 Internal Server Error', 'x'.repeat(1_000_000)), 8, /500 x+…/),
  row('answers 502 with a page', answer('502 Bad Gateway', '<html>nginx</html>'), 8, /502/),
  row('answers 503', answer('503 Service Unavailable', error('busy')), 8, /503 busy/),
  row('answers that there is no leader', answer('503 Service Unavailable', error('no leader')), 3, /no leader/),
  row(
    'answers LDAP refusals',
    answer('400 Bad Request', error('listing users is disallowed when ldap is enabled')),
    8,
    /ldap/,
  ),
  row(
    'echoes what it got',
    answer('400 Bad Request', error('Basic YWRtaW46aHVudGVyMi1zM2NyZXQ= hunter2-s3cret')),
    8,
    /^(?![^]*(hunter2|YWRtaW46))[^]*\*\*\*/,
  ),
];

const redirects: readonly BadServer[] = [
  row('redirects nowhere', answer('307 Temporary Redirect'), 8, /307 without a usable Location/),
  row(
    'redirects to itself',
    (socket, path) => redirect(`http://127.0.0.1:${socket.localPort}${path}`)(socket, path),
    3,
    /redirected more than 5 times/,
  ),
  row(
    'redirects to another path of its own',
    (socket) => redirect(`/again`)(socket, ''),
    3,
    /redirected more than 5 times/,
  ),
  row('redirects to a file', redirect('file:///nowhere/passwd'), 8, /307 without a usable Location/),
  row('redirects to a script', redirect('javascript:alert(1)'), 8, /307 without a usable Location/),
  row(
    'redirects to a stranger',
    redirect('http://stranger.invalid:8091/user'),
    3,
    /redirected by .* to http:\/\/stranger\.invalid:8091.*nothing was sent there/,
  ),
  row(
    'redirects to a stranger with a password',
    redirect('http://u:hunter2-s3cret@stranger.invalid/user'),
    3,
    /nothing was sent there/,
  ),
  row('redirects with 10 KB', redirect(`http://${'a'.repeat(10_000)}/`), 3, /a{100}….*nothing was sent there/),
  row('redirects with blanks', redirect('http://a b/'), 8, /307 without a usable Location/),
  row('redirects with escape sequences', redirect(`http://x/${escape}`), 8, /./),
  row('redirects by 301', redirect('http://127.0.0.1:9/user', '301 Moved Permanently'), 8, /301/),
  row('redirects by 302', redirect('http://127.0.0.1:9/login', '302 Found'), 8, /302/),
  row('redirects by 308', redirect('http://127.0.0.1:9/user', '308 Permanent Redirect'), 8, /308/),
];

export const badServers: readonly BadServer[] = [
  ...connections,
  ...halves,
  ...large,
  ...notHttp,
  ...bodies,
  ...statuses,
  ...redirects,
];
