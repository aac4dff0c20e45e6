import type { Sending } from './kapacitor.js';

/** One row of the table of answers: a request, and what comes back byte for byte (ids, dates and what keeps a connection apart). */
export interface Row extends Sending {
  readonly title: string;
  readonly line: string;
  readonly status: string;
  /** In the order in which Go writes them. */
  readonly answers: readonly string[];
  readonly text: string;
}

const json = 'Content-Type: application/json; charset=utf-8';
const html = 'Content-Type: text/html; charset=utf-8';
const version = 'X-Kapacitor-Version: 1.8.3';
const routed = [json, 'Request-Id', version];
const base = '/kapacitor/v1';

const both = (error: string): string => `{"error":"${error}","message":"${error}"}`;
const pretty = (error: string): string => `{\n    "error": "${error}",\n    "message": "${error}"\n}`;
const list = (name: string): string => `{\n    "${name}": []\n}`;
const topics = (href: string): string =>
  `{\n    "link": {\n        "rel": "self",\n        "href": "${href}"\n    },\n    "topics": []\n}`;

function row(title: string, line: string, status: string, text: string, more: Partial<Row> = {}): Row {
  const { answers = routed } = more;
  return { title, line, status, text, as: 'johndoe:pw', ...more, answers };
}

const refused = 'user johndoe does not have \\"read\\" privilege for API endpoint \\"/kapacitor/v1/config\\"';
const odd =
  'user \\u003cb\\u003e\\u0026\\"\\u2028 does not have \\"read\\" privilege for API endpoint \\"/kapacitor/v1/tasks\\"';
const cors = [
  'Access-Control-Allow-Headers: Accept, Accept-Encoding, Authorization, Content-Length, Content-Type, X-CSRF-Token, X-HTTP-Method-Override',
  'Access-Control-Allow-Methods: DELETE, GET, OPTIONS, POST, PATCH',
  'Access-Control-Allow-Origin: http://ui',
];
const claims = 'invalid token: json: cannot unmarshal string into Go value of type jwt.MapClaims';
const ghost = `{
    "link": {
        "rel": "self",
        "href": "/kapacitor/v1/users/ghost"
    },
    "name": "ghost",
    "type": "admin",
    "permissions": []
}`;
const origin = ['Origin: http://ui'];

export const rows: readonly Row[] = [
  row('no credentials', `GET ${base}/tasks`, '401 Unauthorized', both('unable to parse authentication credentials'), {
    as: undefined,
  }),
  row('a wrong password', `GET ${base}/tasks`, '401 Unauthorized', both('authorization failed'), { as: 'johndoe:no' }),
  row('no privilege', `GET ${base}/config`, '403 Forbidden', both(refused)),
  row('no privilege, for a name that JSON escapes', `GET ${base}/tasks`, '403 Forbidden', both(odd), {
    as: '<b>&"\u2028:pw',
  }),
  row(
    'a write to a database that is not granted',
    `POST ${base}/write?db=x`,
    '401 Unauthorized',
    '"writer" user is not authorized to write to database "x"\n',
    { as: 'writer:pw' },
  ),
  row('a write to one that is', `POST /write?db=telegraf`, '204 No Content', '', { as: 'writer:pw' }),
  row('a write to no database', `POST ${base}/write`, '400 Bad Request', 'database is required\n', { as: 'writer:pw' }),
  row(
    'a path that is not clean',
    `GET ${base}//tasks`,
    '301 Moved Permanently',
    '<a href="/kapacitor/v1/tasks">Moved Permanently</a>.\n\n',
    { as: undefined, answers: [html, 'Location: /kapacitor/v1/tasks'] },
  ),
  row(
    'one with a query that HTML escapes',
    `GET ${base}//tasks?a=<%C3%A9>&b="'`,
    '301 Moved Permanently',
    '<a href="/kapacitor/v1/tasks?a=&lt;%C3%A9&gt;&amp;b=&#34;&#39;">Moved Permanently</a>.\n\n',
    { as: undefined, answers: [html, `Location: /kapacitor/v1/tasks?a=<%C3%A9>&b="'`] },
  ),
  row('one for HEAD', `HEAD ${base}//tasks`, '301 Moved Permanently', '', {
    answers: [html, 'Location: /kapacitor/v1/tasks'],
  }),
  row('one for another method', `POST ${base}//tasks`, '301 Moved Permanently', '', {
    answers: ['Location: /kapacitor/v1/tasks'],
  }),
  row('TRACE', `TRACE ${base}/tasks`, '404 Not Found', pretty('Not Found'), { answers: [json] }),
  row('a method in lower case', `get ${base}/tasks`, '404 Not Found', pretty('Not Found'), { answers: [json] }),
  row('an unknown path', `GET ${base}/nothing`, '404 Not Found', pretty('Not Found')),
  row('HEAD where only GET is', `HEAD ${base}/tasks`, '404 Not Found', ''),
  row('OPTIONS', `OPTIONS ${base}/tasks`, '200 OK', '', { as: undefined, answers: ['Request-Id'] }),
  row('OPTIONS of a web page', `OPTIONS ${base}/tasks`, '200 OK', '', {
    headers: origin,
    answers: [...cors, 'Request-Id'],
  }),
  row('GET of a web page on this machine', `GET ${base}/tasks`, '200 OK', list('tasks'), {
    headers: ['Origin: http://localhost:8888'],
    answers: [...cors.slice(0, 2), 'Access-Control-Allow-Origin: http://localhost:8888', ...routed],
  }),
  row('OPTIONS of the server', 'OPTIONS *', '200 OK', '', { as: undefined, answers: [] }),
  row('the asterisk for another method', 'GET *', '400 Bad Request', '', { answers: [] }),
  row('a target that does not parse', `GET ${base}/%zz`, '400 Bad Request', '400 Bad Request', {
    answers: ['Content-Type: text/plain; charset=utf-8'],
  }),
  row('ping', `GET ${base}/ping`, '204 No Content', '', { as: 'boss:pw' }),
  row('ping by HEAD', `HEAD ${base}/ping`, '204 No Content', ''),
  ...['tasks', 'templates', 'recordings', 'replays', 'users'].map((name) =>
    row(`the list of ${name}`, `GET ${base}/${name}?limit=100`, '200 OK', list(name)),
  ),
  row('the topics', `GET ${base}/alerts/topics`, '200 OK', topics('/kapacitor/v1/alerts/topics')),
  row(
    'the topics with a query',
    `GET ${base}/alerts/topics?a=1&b=2`,
    '200 OK',
    topics('/kapacitor/v1/alerts/topics?a=1\\u0026b=2'),
  ),
  row(
    'the topics of v1preview',
    '/kapacitor/v1preview/alerts/topics',
    '200 OK',
    topics('/kapacitor/v1/alerts/topics'),
    {
      line: 'GET /kapacitor/v1preview/alerts/topics',
      answers: [json, 'Request-Id', version, version],
    },
  ),
  row('a task that is not there', `GET ${base}/tasks/cpu`, '404 Not Found', pretty('no task exists')),
  row('the deletion of it', `DELETE ${base}/tasks/cpu`, '204 No Content', ''),
  row(
    'the configuration',
    `GET ${base}/config`,
    '200 OK',
    '{"link":{"rel":"self","href":"/kapacitor/v1/config"},"sections":{}}\n',
    { as: 'boss:pw' },
  ),
  row('the log level', `POST ${base}/loglevel`, '204 No Content', '', { body: '{"level":"DEBUG"}' }),
  row('verdict 24: a token whose claims are no object', `GET ${base}/tasks`, '401 Unauthorized', both(claims), {
    as: undefined,
    headers: ['Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.IngiCg.x'],
  }),
  row('a user that Kapacitor holds no store of', `GET ${base}/users/ghost`, '404 Not Found', pretty('no user exists')),
  row('the users without a name', `GET ${base}/users/`, '400 Bad Request', pretty('must specify username on path')),
  row('a new user', `POST ${base}/users`, '200 OK', ghost, {
    body: '{"name":"ghost","password":"pw","type":"admin"}',
  }),
  row('a new user of no JSON', `POST ${base}/users`, '400 Bad Request', pretty('invalid JSON'), { body: 'x' }),
  row('the deletion of a user', `DELETE ${base}/users/nobody`, '204 No Content', ''),
  row(
    'points that do not parse',
    `POST /write?db=telegraf`,
    '400 Bad Request',
    "unable to parse 'cpu': missing fields\n",
    {
      as: 'writer:pw',
      body: 'cpu',
    },
  ),
  row('points that are not compressed as they say', `POST /write?db=x`, '400 Bad Request', 'gzip: invalid header\n', {
    as: 'writer:pw',
    headers: ['Content-Encoding: gzip'],
    body: 'cpu,host=a v=1',
  }),
  row('points that end within a gzip header', `POST /write?db=x`, '400 Bad Request', 'unexpected EOF\n', {
    as: 'writer:pw',
    headers: ['Content-Encoding: gzip'],
    body: 'cpu v=1',
  }),
  row('a log level that there is not', `POST ${base}/loglevel`, '400 Bad Request', pretty('invalid log level'), {
    body: '{"level":"LOUD"}',
  }),
];
