import { influxdb, kapacitor, type RuleRecord } from './rule.js';

const handler = 'services/httpd/handler.go';
const service = 'services/auth/service.go';

/** Section 6: authorization. */
export const authorizationRules = {
  '6.0': {
    title: 'The nearest privilege at or above the path decides',
    text: 'The nearest privilege at or above the path decides. A denial is 403 `user U does not have "P" privilege for API endpoint "PATH"`.',
    grade: 'measured',
    sources: [
      ...kapacitor('auth/auth.go', 'AuthorizeAction', 'APIResource'),
      ...kapacitor(handler, 'authorizeRequest'),
    ],
    vectors: ['permission-none-and-single', 'permission-combinations', 'permission-scoped-to-database', 'paths'],
  },
  '6.method': {
    title: 'HEAD and OPTIONS need no privilege',
    text: 'GET needs read, POST, PATCH and PUT need write, DELETE needs delete. HEAD and OPTIONS need no privilege.',
    grade: 'measured',
    sources: kapacitor(handler, 'requiredPrivilegeForHTTPMethod'),
    vectors: ['paths', 'permission-none-and-single', 'permission-combinations'],
  },
  '6.none': {
    title: 'Without a privilege at or above the path: 403',
    text: 'Without a privilege at or above the path the request is denied.',
    grade: 'measured',
    sources: kapacitor('auth/auth.go', 'AuthorizeAction'),
    vectors: ['permission-none-and-single', 'paths-without-permission', 'more-quoting'],
  },
  '6.admin': {
    title: 'The admin has all privileges',
    text: "The admin (of **1.6**, or an admin of Kapacitor's own store) has all privileges.",
    grade: 'measured',
    sources: kapacitor('auth/auth.go', 'AuthorizeAction'),
    vectors: ['auth-section-off', 'more-noauth', 'own-post-users-shadows'],
  },
  '6.preview': {
    title: 'v1preview is decided twice',
    text: '`/kapacitor/v1preview/X` is decided twice: as `/preview/X`, then as `/kapacitor/v1/X`. So it needs `KapacitorAPI` as well as what `X` needs.',
    grade: 'measured',
    sources: kapacitor(handler, 'rewritePreview'),
    vectors: ['paths', 'more-paths', 'permission-combinations'],
  },
  '6.body': {
    title: 'Points are parsed before the database is authorized',
    text: 'A POST to `/write` or `/kapacitor/v1/write` is 400 if its points cannot be parsed, before its database is authorized.',
    grade: 'measured',
    sources: [
      ...kapacitor(handler, 'serveWrite', 'serveWriteLine'),
      ...influxdb('models/points.go', 'ParsePointsWithPrecision'),
    ],
    vectors: ['own-write-malformed-body'],
  },
  '6.write': {
    title: 'A write needs write on its database',
    text: 'Such a POST also needs write on the database of `?db=`. The denial is a **401**: `"U" user is not authorized to write to database "D"`.',
    grade: 'measured',
    sources: [...kapacitor(handler, 'serveWriteLine'), ...kapacitor('auth/auth.go', 'DatabaseResource')],
    vectors: ['database-writes', 'permission-scoped-to-database', 'more-quoting'],
  },
  '6.write.no-db': {
    title: 'A write without a database is answered 400',
    text: 'Such a POST without `?db=`: 400 `database is required`, whatever the permissions.',
    grade: 'measured',
    sources: kapacitor(handler, 'serveWriteLine'),
    vectors: ['database-writes', 'permission-combinations'],
  },
} as const satisfies Readonly<Record<string, RuleRecord>>;

/** Section 7: requests that change who may log in. */
export const storeRules = {
  '7.create': {
    title: 'POST /users caches a user of its own',
    text: '`POST /kapacitor/v1/users` with `{"name", "password", "type": "normal" or "admin", "permissions": [...]}`: the user is stored **and cached**: until `cache-expiration` ends or a login of that name fails, the user logs in with this password and these privileges, whatever the cluster says. `admin` may do everything.',
    grade: 'measured',
    sources: kapacitor(service, 'handleCreateUser', 'CreateUser', 'convertPermissions'),
    vectors: ['own-post-users-shadows', 'own-post-users-over-known'],
    differences: ['longPasswords'],
  },
  '7.update': {
    title: 'PATCH /users caches a user of its own',
    text: '`PATCH /kapacitor/v1/users/NAME` does as **7.create** for a name that the store has; what the body leaves out stays.',
    grade: 'documented',
    sources: kapacitor(service, 'handleUpdateUser', 'updateUser'),
    vectors: [],
    differences: ['longPasswords'],
  },
  '7.delete': {
    title: 'DELETE /users removes a name from both caches',
    text: '`DELETE /kapacitor/v1/users/NAME` removes NAME from both caches, whether the store has it or not (204).',
    grade: 'measured',
    sources: kapacitor(service, 'handleDeleteUser'),
    vectors: ['own-delete-users-empties-caches', 'own-delete-users-shows-grant'],
  },
  '7.read': {
    title: 'GET /users shows the own store only',
    text: "`GET /kapacitor/v1/users` and `GET /kapacitor/v1/users/NAME` show Kapacitor's own users, and change nothing.",
    grade: 'measured',
    sources: kapacitor(service, 'handleUser', 'handleListUsers', 'convertPrivleges'),
    vectors: ['permission-combinations'],
  },
} as const satisfies Readonly<Record<string, RuleRecord>>;
