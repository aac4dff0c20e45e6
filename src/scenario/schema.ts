type Schema = Readonly<Record<string, unknown>>;

function object(properties: Readonly<Record<string, Schema>>, more: Schema = {}): Schema {
  return { type: 'object', properties, additionalProperties: false, ...more };
}

/** Text, or nothing. */
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
    password: text('It is hashed once, at cost 4.'),
    hash: text('A ready hash, in place of a password.'),
    ldap: {
      type: ['boolean', 'null'],
      description: 'Its document shows no hash; /authorized compares the password.',
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
  path: text('The exact path, without query; any where it is left out.'),
  times: { type: ['integer', 'null'], minimum: 0, description: 'How often it is given; always where it is left out.' },
  error: { enum: ['refused', 'timeout', 'tls', null], description: 'In place of an answer.' },
  status: { type: ['integer', 'null'], minimum: 100, description: '200 where it is left out.' },
  headers: texts('Headers of the answer.'),
  body: { description: 'Text is sent as it is, anything else as JSON.' },
});

const meta = object({
  listen: text('Where the node listens, such as http://127.0.0.1:8091; where meta-addr says if it is left out.'),
  credentials: {
    oneOf: [
      { type: 'null' },
      object({ username: { type: 'string' }, password: { type: 'string' } }, { required: ['username', 'password'] }),
    ],
    description: 'The account that it asks for; none where it is null or left out.',
  },
  users: list({ $ref: '#/$defs/user' }, 'What /user knows.'),
  roles: list({ $ref: '#/$defs/role' }, 'Kapacitor never asks for them.'),
  responses: list(
    { $ref: '#/$defs/response' },
    'Scripted answers: the first that matches comes before everything else.',
  ),
});

const request = object(
  {
    method: text('GET where it is left out.'),
    path: text('Path and query, sent as they are.'),
    url: text('In place of a path and a user: http://user:password@host/path, percent-encoded.'),
    username: text('With the password it becomes Basic.'),
    password: text('"" where it is left out.'),
    headers: texts('Sent as they are.'),
    body: text('Of POST /write and of requests to /kapacitor/v1/users; none where it is left out.'),
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
  message: text('The text in "error", whole.'),
  messageStarts: text('Its beginning.'),
  location: text('Of a redirect.'),
  metaRequests: {
    type: 'array',
    items: { $ref: '#/$defs/metaRequest' },
    description: 'All that Kapacitor asks of the meta node; of one that timed out the first that reached it.',
  },
  retriedUntilTimeout: { type: 'boolean', description: 'Kapacitor asked again for 10 s, in vain.' },
});

const step = object({
  at: text('Virtual time since the daemon started, such as 5m or 1h30m; it never goes back.'),
  meta: { $ref: '#/$defs/meta', description: 'Replaces the named parts of the meta node from here on.' },
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
      name: text('The name of the file where it is left out.'),
      version: {
        type: ['string', 'number', 'null'],
        description: 'Which Kapacitor, such as "1.6.5"; "1.8" where it is left out.',
      },
      start: text('The clock at 0s; 2026-01-01T00:00:00Z where it is left out.'),
      kapacitor: {
        ...object({
          config: text('The text of a kapacitor.conf.'),
          configFile: text('The path of one, from the folder of the scenario.'),
          env: texts('The only KAPACITOR_ variables that count.'),
        }),
        type: ['object', 'null'],
      },
      meta: {
        oneOf: [{ type: 'null' }, { $ref: '#/$defs/meta' }],
        description: 'What the meta node holds and answers.',
      },
      steps: list({ $ref: '#/$defs/step' }, 'The life of one daemon.'),
      expect: object({ starts: { type: 'boolean' }, message: text('Why the daemon refuses to start.') }),
    }),
    $defs: { user, role, response, meta, request, metaRequest, expectation, step },
  };
}
