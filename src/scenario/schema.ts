type Schema = Readonly<Record<string, unknown>>;

function object(properties: Readonly<Record<string, Schema>>, more: Schema = {}): Schema {
  return { type: 'object', properties, additionalProperties: false, ...more };
}

/** A string or null. */
function text(description: string, more: Schema = {}): Schema {
  return { type: ['string', 'null'], description, ...more };
}

function list(items: Schema, description: string): Schema {
  return { type: ['array', 'null'], items, description };
}

function texts(description: string): Schema {
  return { type: ['object', 'null'], additionalProperties: { type: ['string', 'number', 'boolean'] }, description };
}

const permissions = {
  type: ['object', 'null'],
  additionalProperties: { type: ['array', 'null'], items: { type: 'string' } },
  description: 'Permission names by database; "" means all databases.',
};

const user = object(
  {
    name: { type: 'string' },
    password: text('Hashed once, with bcrypt cost 4.'),
    hash: text('A bcrypt hash, instead of a password.'),
    ldap: {
      type: ['boolean', 'null'],
      description: 'An LDAP user: the user record has no hash, and /authorized checks the password.',
    },
    permissions,
  },
  { required: ['name'] },
);

const role = object(
  {
    name: { type: 'string' },
    permissions,
    users: list({ type: 'string' }, 'Names of the members.'),
  },
  { required: ['name'] },
);

const response = object({
  path: text('Exact path without query; default: any path.'),
  times: { type: ['integer', 'null'], minimum: 0, description: 'How many times to send it; default: always.' },
  error: { enum: ['refused', 'timeout', 'tls', null], description: 'Fail instead of sending a response.' },
  status: { type: ['integer', 'null'], minimum: 100, description: 'Default: 200.' },
  headers: texts('Response headers.'),
  body: { description: 'A string is sent as is, anything else as JSON.' },
});

const meta = object({
  listen: text('URL of the node, such as http://127.0.0.1:8091; default: the address in meta-addr.'),
  credentials: {
    oneOf: [
      { type: 'null' },
      object({ username: { type: 'string' }, password: { type: 'string' } }, { required: ['username', 'password'] }),
    ],
    description: 'The account that the node requires; none if null or absent.',
  },
  users: list({ $ref: '#/$defs/user' }, 'Users that /user returns.'),
  roles: list({ $ref: '#/$defs/role' }, 'Roles; Kapacitor never reads them.'),
  responses: list(
    { $ref: '#/$defs/response' },
    'Scripted responses; the first match takes precedence over everything else.',
  ),
});

const request = object(
  {
    method: text('Default: GET.'),
    path: text('Path and query, sent as is.'),
    url: text('Instead of path, username and password: http://user:password@host/path, percent-encoded.'),
    username: text('Sent with the password as HTTP Basic credentials.'),
    password: text('Default: "".'),
    headers: texts('Sent as is.'),
    body: text('Body of POST /write and of requests to /kapacitor/v1/users; default: none.'),
  },
  {
    anyOf: ['path', 'url'].map((key) => ({ properties: { [key]: { type: 'string' } }, required: [key] })),
  },
);

const metaRequest = object({
  method: { type: 'string' },
  path: { type: 'string' },
  query: { type: 'object', additionalProperties: { type: 'string' } },
  auth: { enum: ['basic', 'bearer', 'none'] },
});

const expectation = object({
  verdict: { enum: ['allow', 'deny', 'redirect', 'unrouted', 'bad-request'] },
  status: { type: ['integer', 'null'] },
  message: text('The full text of "error".'),
  messageStarts: text('Start of the message.'),
  location: text('Target of a redirect.'),
  metaRequests: {
    type: 'array',
    items: { $ref: '#/$defs/metaRequest' },
    description: 'All requests to the meta node; after a timeout, the first that reached it.',
  },
  retriedUntilTimeout: { type: 'boolean', description: 'Whether Kapacitor retried for 10 s without success.' },
});

const step = object({
  at: text('Virtual time since the daemon started, such as 5m or 1h30m; it must not decrease.'),
  meta: { $ref: '#/$defs/meta', description: 'Replaces these parts of the meta node from this step on.' },
  request: { $ref: '#/$defs/request' },
  expect: { $ref: '#/$defs/expectation' },
});

/** The JSON Schema of a scenario file: `schemas/scenario.schema.json` in the package. */
export function scenarioSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: "A scenario of Kapacitor's authentication (kapadmin auth test --scenario)",
    ...object({
      $schema: { type: 'string' },
      name: text('Default: the file name.'),
      version: {
        type: ['string', 'number', 'null'],
        description: 'Kapacitor version, such as "1.6.5"; default: "1.8".',
      },
      start: text('Clock time at 0s; default: 2026-01-01T00:00:00Z.'),
      kapacitor: {
        ...object({
          config: text('Content of a kapacitor.conf.'),
          configFile: text('Path of a kapacitor.conf, relative to the scenario file.'),
          env: texts('Environment variables of Kapacitor; no others apply.'),
        }),
        type: ['object', 'null'],
      },
      meta: {
        oneOf: [{ type: 'null' }, { $ref: '#/$defs/meta' }],
        description: 'State and responses of the meta node.',
      },
      steps: list({ $ref: '#/$defs/step' }, 'Requests to one running Kapacitor, in order of time.'),
      expect: object({ starts: { type: 'boolean' }, message: text('Why Kapacitor does not start.') }),
    }),
    $defs: { user, role, response, meta, request, metaRequest, expectation, step },
  };
}
