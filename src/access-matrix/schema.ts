import { objectSchema } from '../model/json-schema.js';

const draft = 'http://json-schema.org/draft-07/schema#';
const text = { type: 'string' };
const texts = { type: 'array', items: text };
const truth = { type: 'boolean' };
const textOrNull = { type: ['string', 'null'] };
const made = { ...text, format: 'date-time', description: 'When the users were read.' };
const cluster = { ...texts, description: 'The meta nodes or state files that were read.' };

function list(items: object, description: string): object {
  return { type: 'array', description, items };
}

function place(where: string): object {
  return { type: 'integer', minimum: 0, description: `An index into ${where}.` };
}

const filters = objectSchema({
  users: texts,
  endpoints: texts,
  methods: texts,
  databases: texts,
  only: { enum: ['allowed', 'denied', null] },
  role: textOrNull,
});

const endpoint = objectSchema({
  method: text,
  path: text,
  what: text,
  group: text,
  resource: text,
  needed: { enum: ['none', 'read', 'write', 'delete', 'all'] },
});

const fix = objectSchema({
  action: { enum: ['grant', 'revoke'] },
  permissions: texts,
  scope: { ...textOrNull, description: 'A database; "" for all; null for that of the column.' },
});

const reason = objectSchema({
  allowed: truth,
  rule: { enum: ['nothing-needed', 'entry', 'no-entry', 'cannot-log-in'] },
  why: text,
  entry: textOrNull,
  mask: textOrNull,
  permissions: { ...texts, description: "The user's own permissions that made the entry." },
  roles: { ...texts, description: 'Roles that would allow it, if the user record included their permissions.' },
  fixes: list(fix, 'Permission changes that would allow it.'),
});

const writes = objectSchema({
  others: place('reasons'),
  own: list(
    objectSchema({ database: place('databases'), reason: place('reasons') }),
    'Databases that differ from the others.',
  ),
});

const row = objectSchema({
  permissions: { type: 'object', description: 'By scope.', additionalProperties: texts },
  unknown: { ...texts, description: 'Permissions that Kapacitor does not know.' },
  endpoints: list(place('reasons'), 'One for each endpoint.'),
  writes,
});

const rolesInUserRecords = {
  enum: ['yes', 'no', 'unknown'],
  description: 'Whether this cluster copies role permissions into user records.',
};

/** JSON Schema of what `auth matrix -o json` prints. */
export function matrixSchema(): object {
  const properties = {
    version: { const: 1 },
    made,
    cluster,
    rolesInUserRecords,
    filters,
    endpoints: list(endpoint, 'Columns.'),
    databases: { ...texts, description: 'Databases with a column for writes.' },
    otherDatabases: { ...truth, description: 'Whether writes to every other database are shown.' },
    reasons: list(reason, 'The reasons for the cells, each once.'),
    rows: list(row, 'Cells; users with the same permissions share a row.'),
    users: list(objectSchema({ name: text, roles: texts, row: place('rows') }), 'By name.'),
    notes: { ...texts, description: 'What the cells do not show.' },
  };
  return { $schema: draft, title: 'Access matrix of kapadmin auth matrix', ...objectSchema(properties) };
}

/** JSON Schema of what `auth matrix --diff -o json` prints. */
export function diffSchema(): object {
  const cell = objectSchema({
    method: text,
    path: text,
    database: { ...textOrNull, description: 'Of a write; "" for every other one; null for an endpoint as such.' },
    before: textOrNull,
    now: textOrNull,
  });
  const change = objectSchema({
    user: text,
    state: { enum: ['new', 'gone', 'changed'] },
    gained: { type: 'array', items: cell },
    lost: { type: 'array', items: cell },
  });
  const side = objectSchema({ made, cluster });
  const properties = {
    version: { const: 1 },
    before: side,
    now: side,
    changes: list(change, 'Users for whom something changed, by name.'),
    notCompared: { ...texts, description: 'Columns that only one side has.' },
  };
  return { $schema: draft, title: 'Changes shown by kapadmin auth matrix --diff', ...objectSchema(properties) };
}

/** JSON Schema of what `plan --access -o json` prints. */
export function accessChangesSchema(): object {
  const item = {
    user: text,
    endpoint: { ...text, description: 'A group of endpoints; "/write" for every database, "/write?db=NAME" for one.' },
    database: { ...text, description: 'A database of InfluxDB; "" for all.' },
    privilege: {
      ...text,
      description: 'On an endpoint: read, write, delete, or none where a login is enough. On a database: a permission.',
    },
    by: { ...text, description: 'The rule or permission that decides.' },
  };
  const entry = (more: object): object => ({
    type: 'object',
    properties: { ...item, ...more },
    required: ['user', 'privilege', 'by', ...Object.keys(more)],
    oneOf: [{ required: ['endpoint'] }, { required: ['database'] }],
    additionalProperties: false,
  });
  const allowed = { allowed: { ...truth, description: 'Whether the user has it now.' } };
  const properties = {
    gained: list(entry({}), 'By user.'),
    lost: list(entry({}), 'By user.'),
    unknown: list(entry(allowed), 'Depends on whether the cluster copies role permissions into user records.'),
    unchanged: list(entry(allowed), 'Stays as it is although permissions or roles of the user change.'),
    rolesInUserRecords,
  };
  return { $schema: draft, title: 'Access changes of kapadmin plan --access', ...objectSchema(properties) };
}
