import { admin, type Sent } from './ask.js';

/** One request of the meta API in a row that starts with the cluster of `peopledState`, and what comes back. */
export interface Row {
  readonly line: string;
  readonly sent: Sent;
  readonly status: number;
  /** Exact; `HASH` stands for a bcrypt hash. */
  readonly body: string;
}

const user = (action: string, rest: object): Sent => ({ ...admin, body: { action, user: rest } });
const role = (action: string, rest: object): Sent => ({ ...admin, body: { action, role: rest } });
const row = (line: string, sent: Sent, status = 200, body = ''): Row => ({ line, sent, status, body });
const error = (text: string): string => JSON.stringify({ error: text });

const jane = '{"name":"jane","hash":"HASH"}';
const authorized = 'GET /authorized?name=jane&password=two&permission=NoPermissions&resource=_';

/** Every request and every action of the meta API with its documented answers, to be sent in this order. */
export const rows: readonly Row[] = [
  row('GET /ping', {}, 204),
  row('GET /ping?all=true', {}, 204),
  row('GET /ldap/v1/config', admin, 200, '{"structured":{"enabled":false}}'),
  row('GET /role', admin, 200, '{}'),
  row('GET /role?name=kapacitor', admin, 404, error('role not found')),
  row('GET /user?name=jane', admin, 404, error('user not found')),

  row('POST /user', user('create', { name: 'jane', password: 'one' })),
  row('POST /user', user('create', { name: 'jane', password: 'one' }), 400, error('user already exists')),
  row('GET /user?name=jane', admin, 200, `{"users":[${jane}]}`),
  row('POST /user', user('change-password', { name: 'jane', password: 'two' })),
  row('POST /user', user('change-password', { name: 'nobody', password: 'two' }), 404, error('user not found')),
  row(authorized, admin),
  row(authorized.replace('two', 'one'), admin, 401, error('authorization failed')),
  row(authorized.replace('jane', 'nobody'), admin, 401, error('authorization failed')),
  row('POST /user', user('add-permissions', { name: 'jane', permissions: { '': ['KapacitorAPI'], db: ['ReadData'] } })),
  row(
    'GET /user?name=jane',
    admin,
    200,
    '{"users":[{"name":"jane","hash":"HASH","permissions":{"":["KapacitorAPI"],"db":["ReadData"]}}]}',
  ),
  row(authorized.replace('NoPermissions&resource=_', 'ReadData&resource=db'), admin),
  row(authorized.replace('NoPermissions&resource=_', 'ReadData&resource=x'), admin, 401, error('authorization failed')),
  row('POST /user', user('remove-permissions', { name: 'jane', permissions: { '': ['KapacitorAPI'] } })),
  row('POST /user', user('remove-permissions', { name: 'jane', permissions: { db: ['ReadData', 'WriteData'] } })),
  row('GET /user?name=jane', admin, 200, `{"users":[${jane}]}`),
  row('POST /user', user('add-permissions', { name: 'nobody', permissions: {} }), 404, error('user not found')),
  row('POST /user', user('remove-permissions', { name: 'nobody' }), 404, error('user not found')),

  row('POST /user', user('rename', { name: 'jane' }), 400, error('invalid action: rename')),
  row('POST /user', { ...admin, body: {} }, 400, error('invalid action: ')),
  row('POST /user', { ...admin, body: { action: 'create' } }, 400, error('invalid user')),
  row('POST /user', role('create', { name: 'x' }), 400, error('invalid user')),
  row('POST /user', user('create', { name: 5, password: 'x' }), 400, error('invalid user')),
  row('POST /user', user('add-permissions', { name: 'jane', permissions: ['x'] }), 400, error('invalid user')),
  row('POST /user', user('create', { password: 'x' }), 400, error('username required')),
  row('POST /user', user('create', { name: '', password: 'x' }), 400, error('username required')),
  row('POST /user', user('create', { name: 'x' }), 400, error('password required')),
  row('POST /user', user('change-password', { name: 'jane', hash: 'x' }), 400, error('password required')),
  row('POST /user', { ...admin, body: '{"action":"create","user":{"name":"x",}}' }, 400, error('invalid JSON')),
  row('POST /user', admin, 400, error('EOF')),

  row('POST /role', role('create', { name: 'kapacitor' })),
  row('POST /role', role('create', { name: 'kapacitor' }), 400, error('role already exists')),
  row('GET /role', admin, 200, '{"roles":[{"name":"kapacitor"}]}'),
  row('POST /role', role('add-permissions', { name: 'kapacitor', permissions: { '': ['KapacitorAPI'] } })),
  row('POST /role', role('add-users', { name: 'kapacitor', users: ['jane', 'johndoe'] })),
  row(
    'GET /role?name=kapacitor',
    admin,
    200,
    '{"roles":[{"name":"kapacitor","permissions":{"":["KapacitorAPI"]},"users":["jane","johndoe"]}]}',
  ),
  row('GET /user?name=jane', admin, 200, `{"users":[${jane}]}`),
  row('POST /role', role('add-users', { name: 'kapacitor', users: ['nobody'] }), 404, error('user not found')),
  row('POST /role', role('remove-users', { name: 'kapacitor', users: ['johndoe', 'nobody'] })),
  row('POST /role', role('remove-permissions', { name: 'kapacitor', permissions: { '': ['KapacitorAPI'] } })),
  row('GET /role', admin, 200, '{"roles":[{"name":"kapacitor","users":["jane"]}]}'),
  ...['add-users', 'remove-users', 'add-permissions', 'remove-permissions', 'delete'].map((action) =>
    row('POST /role', role(action, { name: 'other' }), 404, error('role not found')),
  ),
  row('POST /role', role('rename', { name: 'x' }), 400, error('invalid action: rename')),
  row('POST /role', user('create', { name: 'x' }), 400, error('invalid role')),
  row('POST /role', role('create', {}), 400, error('role name required')),

  row('POST /user', user('delete', { name: 'jane' })),
  row('POST /user', user('delete', { name: 'jane' }), 404, error('user not found')),
  row('GET /role', admin, 200, '{"roles":[{"name":"kapacitor"}]}'),
  row('POST /role', role('delete', { name: 'kapacitor' })),
  row('GET /role', admin, 200, '{}'),

  row('GET /user', {}, 401, error('unable to parse authentication credentials')),
  row('GET /user', { as: 'admin:wrong' }, 401, error('authorization failed')),
  row('GET /user', { as: ':x' }, 401, error('username required')),
  row('GET /execute', admin, 404, '404 page not found\n'),
  row('POST /status', admin, 404, '404 page not found\n'),
  row('PUT /user', admin, 400, '\n'),
];

export function maskHashes(body: string): string {
  return body.replaceAll(/\$2a\$04\$[./A-Za-z0-9]{53}/g, 'HASH');
}
