import { crypto, go, influxdb, kapacitor, type RuleRecord } from './rule.js';

const service = 'services/auth/service.go';
const client = 'services/auth/meta/client.go';

/** Section 3: the caches, and the password. */
export const passwordRules = {
  '3.1': {
    title: 'The user cache keeps a user for cache-expiration',
    text: 'The **user cache** keeps the response of the meta node, under the name in it, for `cache-expiration`, counted from the response. If that is missing, zero or negative, nothing is cached.',
    grade: 'measured',
    sources: [...kapacitor(service, 'User'), ...kapacitor('services/auth/cache.go', 'Get', 'Set')],
    vectors: [
      'cache-hit-and-expiry',
      'cache-permission-change',
      'cache-zero',
      'more-cache-negative',
      'cache-meta-down',
      'meta-other-name',
    ],
  },
  '3.2': {
    title: 'A user without a hash is checked by the meta node',
    text: "A user **without a hash** comes from LDAP: Kapacitor sends the password to the meta node's `/authorized`, in the URL, then caches its own hash of it (`bcrypt-cost`).",
    grade: 'measured',
    sources: [...kapacitor(service, 'Authenticate'), ...kapacitor(client, 'CheckPass')],
    vectors: ['ldap', 'ldap-wrong-password', 'more-ldap-fails-then-cached'],
    open: ['ldap-user-records'],
  },
  '3.2.long': {
    title: 'A password of more than 72 bytes cannot be hashed',
    text: 'A password of more than 72 bytes of an LDAP user fails: Kapacitor cannot hash it.',
    grade: 'documented',
    sources: crypto('bcrypt/bcrypt.go', 'GenerateFromPassword'),
    vectors: [],
    differences: ['longPasswords'],
  },
  '3.2.cost': {
    title: 'A bcrypt-cost above 31 makes every LDAP login fail',
    text: 'A `bcrypt-cost` above 31 makes every login of an LDAP user fail.',
    grade: 'measured',
    sources: crypto('bcrypt/bcrypt.go', 'checkCost'),
    vectors: ['more-config-cost-32-ldap'],
  },
  '3.3': {
    title: 'The password cache accepts a password for an hour',
    text: 'The **password cache** keeps a digest of the last accepted password for 1 hour from its full check. A match is accepted without looking at the hash, and does not renew the hour.',
    grade: 'measured',
    sources: kapacitor(service, 'Authenticate', 'hashWithSalt'),
    vectors: ['cache-old-password-one-hour', 'cache-password-change'],
  },
  '3.4': {
    title: 'bcrypt compares the password with the hash',
    text: 'bcrypt compares the first 72 bytes of the password with the hash. A failure removes the cached user, not the cached password.',
    grade: 'measured',
    sources: [...kapacitor(service, 'Authenticate'), ...crypto('bcrypt/bcrypt.go', 'CompareHashAndPassword')],
    vectors: ['credentials', 'cache-password-change', 'cache-wrong-password-refreshes'],
  },
  '3.4.format': {
    title: 'A hash that is not bcrypt fails',
    text: 'The hash is bcrypt: `$2a$`, `$2b$`, `$2x$`, `$2y$` and the like, cost 4 to 31. Any other fails (PBKDF2, which Enterprise 1.9.3 and later can store).',
    grade: 'measured',
    sources: crypto('bcrypt/bcrypt.go', 'newFromHash', 'decodeVersion', 'decodeCost'),
    vectors: ['meta-hash-cost-3', 'meta-hash-plain', 'meta-hash-short', 'more-bcrypt-3a', 'more-bcrypt-cost-upper'],
    open: ['stored-hash-form'],
  },
  '3.5': {
    title: 'An accepted password enters the password cache',
    text: 'A success goes into the password cache.',
    grade: 'measured',
    sources: kapacitor(service, 'Authenticate', 'saltedHash'),
    vectors: ['meta-hash-2b', 'meta-hash-2y', 'more-bcrypt-2z', 'meta-hash-cost-12', 'cache-old-password-one-hour'],
  },
} as const satisfies Readonly<Record<string, RuleRecord>>;

/** Section 4: asking the meta node. */
export const lookupRules = {
  '4.0': {
    title: 'The meta node is asked with the account of Kapacitor',
    text: 'Kapacitor sends `GET META-ADDR/user?name=NAME` with its own account: a bearer token of `meta-internal-shared-secret` if that is set, or Basic with `meta-username` and `meta-password`, or nothing. Only a 200 with a record that decodes counts.',
    grade: 'measured',
    sources: [...kapacitor(client, 'Users', 'setAuth'), ...kapacitor(service, 'NewService')],
    vectors: ['meta-secret-wins', 'meta-extra-fields', 'meta-upper-case-keys', 'environment'],
    differences: ['metaInternalSharedSecret'],
  },
  '4.address': {
    title: 'An invalid meta-addr makes every lookup fail',
    text: '`meta-addr` is host and port, without scheme, path or spaces.',
    grade: 'measured',
    sources: [...kapacitor(client, 'do'), ...go('net/http/request.go', 'NewRequest')],
    vectors: ['config-meta-addr-seed', 'config-meta-addr-space', 'more-config-addr-path'],
  },
  '4.redirects': {
    title: 'Redirects are followed with the account, to any host',
    text: 'Redirects are followed with its account **to any host**, at most 10 requests an attempt; kapadmin follows them only to hosts that a meta node names.',
    grade: 'measured',
    sources: [...kapacitor(client, 'setRedirectClient', 'do'), ...go('net/http/client.go', 'do')],
    vectors: [
      'meta-redirect',
      'meta-redirect-loop',
      'more-meta-redirect-301',
      'more-meta-redirect-303',
      'more-meta-redirect-307-relative',
      'more-meta-redirect-308',
    ],
  },
  '4.retries': {
    title: 'A failed lookup is retried for 10 seconds',
    text: 'Any other response, or none, is retried at 0, 0.02, 0.42, 3.75 and 7.08 s and fails after 10 s. So an unknown user, or a rejected account of Kapacitor, takes 10 s each time.',
    grade: 'measured',
    sources: kapacitor(client, 'retryWithBackoff', 'errorFromResponse'),
    vectors: ['meta-401', 'meta-404', 'meta-500-empty', 'meta-503-then-ok', 'more-503-times-3', 'more-503-times-5'],
  },
  '4.once': {
    title: 'auth test asks the meta node once',
    text: '`auth test` asks the meta node once: it assumes that all attempts of Kapacitor fail as the first did.',
    grade: 'assumed',
    sources: kapacitor(client, 'retryWithBackoff'),
    vectors: [],
  },
  '4.decoding': {
    title: 'A record that does not decode makes the lookup fail',
    text: 'One permission that Kapacitor does not know (such as the typo `ManageContnuousQuery`) makes the whole record unreadable: that user cannot log in at all.',
    grade: 'measured',
    sources: [
      ...kapacitor('services/auth/meta/types.go', 'UnmarshalText'),
      ...go('encoding/json/decode.go', 'Unmarshal'),
    ],
    vectors: [
      'meta-unknown-permission',
      'meta-not-json',
      'more-meta-array',
      'more-meta-bom',
      'more-meta-permission-case',
    ],
  },
  '4.one-user': {
    title: 'A response with any other number of users than one is an empty user',
    text: 'A response with no user, or with several, is a user without name, hash and privileges.',
    grade: 'measured',
    sources: kapacitor(service, 'User'),
    vectors: ['meta-two-users', 'meta-null-users', 'meta-empty-object'],
  },
  '5.0': {
    title: 'Only the permissions in the user record count',
    text: 'Only the permissions in the user record count, and become the privileges below. Kapacitor never requests roles and knows no admin flag.',
    grade: 'measured',
    sources: kapacitor(service, 'convertFromPMUser', 'convertPMPermissions'),
    vectors: ['role-only', 'permission-none-and-single', 'permission-combinations', 'permission-scoped-to-database'],
    open: ['roles-in-user-records', 'ldap-user-records'],
  },
} as const satisfies Readonly<Record<string, RuleRecord>>;

const handler = 'services/httpd/handler.go';

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
