import { rules, severities } from '../diagnostics/finding.js';
import { openQuestions } from '../model/open-questions.js';

/** The JSON Schema of an object with these keys and no others; all are required but the optional ones. */
function objectSchema(properties: Readonly<Record<string, object>>, optional: readonly string[] = []): object {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}

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

const count = { type: 'integer', minimum: 0 };
const line = { type: 'integer', minimum: 1 };

const location = {
  description: 'What the finding is about.',
  oneOf: [
    { type: 'null' },
    objectSchema({ in: { const: 'file' }, file: text, line, column: line }, ['line', 'column']),
    objectSchema({ in: { const: 'environment' }, variable: text, from: text, line }, ['line']),
    objectSchema({ in: { const: 'node' }, url: text }),
    objectSchema({ in: { const: 'cluster' }, user: text, role: text }, ['user', 'role']),
  ],
};

const fixes = {
  type: 'array',
  description: 'Fixes: a command to run or a setting to change, and what it does.',
  items: objectSchema({ what: text, command: text, setting: text }, ['command', 'setting']),
};

const id = { description: 'The ID for kapadmin explain.', enum: [...rules.keys()] };

const finding = objectSchema({
  id,
  severity: { enum: severities },
  title: { ...text, description: 'What is wrong.' },
  fact: { ...text, description: 'The evidence for this finding.' },
  place: location,
  consequence: { ...text, description: 'The consequence for the user.' },
  fixes,
});

/** The output of `doctor` besides findings. */
const ofDoctor = {
  ok: { type: 'array', description: 'Checks that passed, one line each.', items: text },
  unknown: {
    type: 'array',
    description: 'What could not be determined, and why.',
    items: objectSchema({ what: text, why: text }),
  },
};

/** JSON Schema of what `config check -o json` and `doctor -o json` print; `ok` and `unknown` are of doctor alone. */
export function findingsSchema(): object {
  const properties = {
    command: { enum: ['config check', 'doctor'] },
    subjects: { type: 'array', description: 'What was checked.', items: objectSchema({ what: text, name: text }) },
    findings: { type: 'array', description: 'Most severe first.', items: finding },
    counts: objectSchema({ error: count, warning: count, info: count }),
    unchecked: {
      type: 'array',
      description: 'What could not be checked, and why.',
      items: objectSchema({ id, why: text }),
    },
    next: fixes,
    ...ofDoctor,
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Findings of kapadmin config check and doctor',
    ...objectSchema(properties, Object.keys(ofDoctor)),
  };
}

/** JSON Schema of what `auth flush -o json` prints. */
export function flushSchema(): object {
  const error = objectSchema({ code: text, message: text, hint: text }, ['hint']);
  const status = { enum: ['planned', 'flushed', 'failed', 'unknown', 'not-started'] };
  const result = objectSchema({ kapacitor: text, user: text, status, deletedLocal: { type: 'boolean' }, error }, [
    'error',
  ]);
  const expiry = objectSchema({ userUntil: text, passwordUntil: text, basis: text });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Result of kapadmin auth flush',
    ...objectSchema({
      dryRun: { type: 'boolean' },
      results: { type: 'array', items: result },
      expiry: { anyOf: [{ type: 'null' }, expiry] },
    }),
  };
}

function withoutDialect(schema: object): object {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema'));
}

/** JSON Schema of what `-o json` prints for several `--profile`. */
export function clustersSchema(): object {
  const users = { title: 'user list', type: 'array', items: { type: 'object' } };
  const plan = { title: 'plan', type: 'object', required: ['changes', 'protectedChanges', 'drift'] };
  const result = { anyOf: [withoutDialect(findingsSchema()), withoutDialect(matrixSchema()), users, plan] };
  const error = objectSchema({ code: text, message: text, hint: text }, ['hint']);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Results of kapadmin with several --profile',
    type: 'array',
    items: { oneOf: [objectSchema({ profile: text, result }), objectSchema({ profile: text, error })] },
  };
}

/** JSON Schema of a report of `doctor --conformance`. */
export function conformanceSchema(): object {
  const shape = { $ref: '#/definitions/shape' };
  const response = objectSchema(
    { request: text, status: { type: 'integer' }, body: shape, error: { ...text, maxLength: 200 } },
    ['body', 'error'],
  );
  const answer = objectSchema(
    {
      facts: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
      unknown: { ...text, description: 'Why something is not known.' },
      responses: { type: 'array', items: response },
    },
    ['unknown'],
  );
  const ids = Object.keys(openQuestions);
  const answers = objectSchema(Object.fromEntries(ids.map((id) => [id, answer])), ids);
  const report = objectSchema({
    version: { const: 1 },
    kapadmin: text,
    product: { type: ['string', 'null'], description: 'X-Influxdb-Version.' },
    nodes: { type: 'integer', minimum: 1 },
    ldap: { type: ['boolean', 'null'] },
    answers: { ...answers, description: 'By the id of docs/open-questions.md.' },
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Report of kapadmin doctor --conformance',
    definitions: {
      shape: {
        description: 'A JSON value without its values; "*" stands for keys that are names.',
        anyOf: [text, { type: 'array', items: shape }, { type: 'object', additionalProperties: shape }],
      },
    },
    ...report,
  };
}
