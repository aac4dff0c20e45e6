import { go, jwt, kapacitor, type RuleRecord } from './rule.js';

const handler = 'services/httpd/handler.go';

/** Section 1: before the credentials. */
export const routeRules = {
  '1.0': {
    title: 'An unreadable request is answered 400',
    text: 'A request that Go cannot read (`%zz` or a space in the path, a control character in a header): 400.',
    grade: 'measured',
    sources: [...go('net/http/request.go', 'readRequest'), ...go('net/url/url.go', 'ParseRequestURI')],
    vectors: ['more-paths'],
  },
  '1.1': {
    title: 'Other methods are answered 404',
    text: 'A method other than GET, POST, PATCH, PUT, DELETE, HEAD and OPTIONS, in upper case: 404.',
    grade: 'measured',
    sources: kapacitor(handler, 'NewHandler', 'ServeHTTP'),
    vectors: ['paths', 'more-paths', 'paths-without-permission'],
  },
  '1.2': {
    title: 'A path that is not clean is redirected',
    text: 'A path that is not clean (`//`, `.`, `..`): a redirect (301) to the clean one, without authentication.',
    grade: 'measured',
    sources: kapacitor('services/httpd/mux.go', 'cleanPath', 'Handler'),
    vectors: ['paths', 'more-paths', 'paths-without-credentials'],
  },
  '1.3': {
    title: 'OPTIONS needs no authentication',
    text: 'OPTIONS: 200, without authentication.',
    grade: 'measured',
    sources: kapacitor(handler, 'cors'),
    vectors: ['paths', 'permission-combinations'],
  },
  '1.4': {
    title: "Without auth-enabled every request is the admin's",
    text: "`[http] auth-enabled = false`: every request is the admin's.",
    grade: 'measured',
    sources: kapacitor(handler, 'authenticate'),
    vectors: ['http-auth-off', 'both-off'],
  },
  '1.5': {
    title: 'pprof-enabled opens the debug pages',
    text: '`[http] pprof-enabled = true`: GET of `/kapacitor/v1/debug/vars` and `/kapacitor/v1/debug/pprof/` needs no credentials.',
    grade: 'documented',
    sources: kapacitor(handler, 'NewHandler', 'addRawRoute'),
    vectors: [],
  },
  '1.6': {
    title: 'Without [auth] any name with any password is the admin',
    text: '`[http] auth-enabled = true` with `[auth] enabled = false`, or without `[auth]`: credentials must be present and readable, but **any name with any password is the admin**.',
    grade: 'measured',
    sources: [
      ...kapacitor('services/noauth/service.go', 'Authenticate'),
      ...kapacitor('server/server.go', 'appendNoAuthService'),
    ],
    vectors: ['auth-section-off', 'no-auth-section', 'more-noauth'],
  },
  '1.7': {
    title: "With an empty meta-addr, users come from Kapacitor's own store",
    text: "`[auth] enabled = true` with an empty `meta-addr`: users come from Kapacitor's own store (`/kapacitor/v1/users`), never from the cluster.",
    grade: 'documented',
    sources: kapacitor('services/auth/service.go', 'User'),
    vectors: [],
  },
  '1.7.unknown': {
    title: "kapadmin cannot read Kapacitor's own store",
    text: 'kapadmin cannot read that store: it assumes that a name is not in it, unless an earlier request of the scenario created the user.',
    grade: 'assumed',
    sources: kapacitor('services/auth/service.go', 'User'),
    vectors: [],
  },
} as const satisfies Readonly<Record<string, RuleRecord>>;

/** Section 2: the credentials of a request. */
export const credentialRules = {
  '2.1': {
    title: 'A bearer token comes first',
    text: '`Authorization: Bearer TOKEN`, spelled like this. If the token is invalid, nothing else is tried.',
    grade: 'measured',
    sources: kapacitor(handler, 'parseCredentials'),
    vectors: ['bearer', 'more-bearer'],
    differences: ['bearerCut'],
  },
  '2.2': {
    title: 'Basic comes second',
    text: '`Authorization: Basic ...`: the scheme in any case, one space, padded base64, with a colon. The name ends at the first colon, so a name with a colon cannot log in. Without a name: 401 `username required`.',
    grade: 'measured',
    sources: [
      ...kapacitor(handler, 'parseCredentials', 'authenticate'),
      ...go('net/http/request.go', 'parseBasicAuth'),
    ],
    vectors: ['credentials', 'more-credentials', 'more-quoting'],
  },
  '2.3': {
    title: 'The query comes third',
    text: '`?u=NAME&p=PASSWORD`, both not empty, if there is no header, or one that is neither a bearer token nor readable Basic.',
    grade: 'measured',
    sources: kapacitor(handler, 'parseCredentials'),
    vectors: ['credentials', 'more-credentials'],
  },
  '2.4': {
    title: 'Without credentials: 401',
    text: 'Without any of these: 401 `unable to parse authentication credentials`.',
    grade: 'measured',
    sources: kapacitor(handler, 'parseCredentials'),
    vectors: ['credentials', 'more-credentials', 'paths-without-credentials'],
  },
  '2.5': {
    title: 'The name ~subscriber is a subscription of Kapacitor',
    text: "The name `~subscriber` in Basic is a subscription of Kapacitor's own, and its password the token: letters, digits and `-._@`.",
    grade: 'documented',
    sources: kapacitor('services/auth/service.go', 'SubscriptionUser', 'subscriptionUsername'),
    vectors: [],
  },
  '2.5.unknown': {
    title: 'kapadmin does not know the subscription tokens',
    text: 'kapadmin cannot read the tokens of a running Kapacitor: it assumes that a token is unknown, 401 `invalid subscription token`.',
    grade: 'assumed',
    sources: kapacitor('services/auth/service.go', 'SubscriptionUser'),
    vectors: [],
  },
  '2.6': {
    title: 'A request that is not authenticated is answered 401',
    text: 'A name and password that fail are 401 `authorization failed`, whatever the cause, also a meta node that is unreachable or rejects the account of Kapacitor. Tokens and subscriptions get their own messages.',
    grade: 'measured',
    sources: kapacitor(handler, 'authenticate'),
    vectors: ['credentials', 'bearer', 'meta-401', 'meta-404', 'cache-password-change'],
  },
} as const satisfies Readonly<Record<string, RuleRecord>>;

/** Section 2: the checks of a bearer token, in their order. */
export const tokenRules = {
  jwt: {
    title: 'A valid bearer token needs no password',
    text: 'A token that passes nine checks needs no password. With an empty `shared-secret`, the default, **a token that anybody signs with the empty key is accepted for any user**.',
    grade: 'measured',
    sources: kapacitor(handler, 'authenticate'),
    vectors: ['bearer', 'more-bearer', 'bearer-empty-secret'],
  },
  'jwt.1': {
    title: 'A token has three segments',
    text: 'It has three segments.',
    grade: 'measured',
    sources: jwt('parser.go', 'ParseUnverified'),
    vectors: ['more-bearer', 'more-credentials'],
  },
  'jwt.2': {
    title: 'The header of a token decodes',
    text: 'Its header is base64url without padding, and JSON.',
    grade: 'measured',
    sources: [...jwt('parser.go', 'ParseUnverified'), ...jwt('token.go', 'DecodeSegment')],
    vectors: ['bearer', 'more-bearer'],
    differences: ['bearerPadding'],
  },
  'jwt.3': {
    title: 'The claims of a token decode',
    text: 'Its claims are base64url without padding, and JSON.',
    grade: 'measured',
    sources: [...jwt('parser.go', 'ParseUnverified'), ...jwt('token.go', 'DecodeSegment')],
    vectors: ['more-bearer'],
    differences: ['bearerPadding'],
  },
  'jwt.4': {
    title: 'The method of a token is known',
    text: '`alg` is a string and a known method.',
    grade: 'measured',
    sources: jwt('parser.go', 'ParseUnverified'),
    vectors: ['more-bearer'],
    differences: ['edDsa'],
  },
  'jwt.5': {
    title: 'The method of a token is HMAC',
    text: '`alg` is HS256, HS384 or HS512.',
    grade: 'measured',
    sources: kapacitor(handler, 'authenticate'),
    vectors: ['bearer', 'more-bearer'],
  },
  'jwt.6': {
    title: 'The signature of a token matches',
    text: 'The signature matches `[http] shared-secret`.',
    grade: 'measured',
    sources: [...jwt('parser.go', 'ParseWithClaims'), ...jwt('hmac.go', 'Verify')],
    vectors: ['bearer', 'more-bearer'],
    differences: ['bearerPadding'],
  },
  'jwt.7': {
    title: 'The times of a token fit',
    text: "`nbf`, `iat` and `exp` fit the daemon's clock.",
    grade: 'measured',
    sources: jwt('map_claims.go', 'Valid'),
    vectors: ['bearer', 'more-bearer'],
    differences: ['jwt4', 'claimTypes'],
  },
  'jwt.8': {
    title: 'A token expires',
    text: '`exp` is there and above 0.',
    grade: 'measured',
    sources: kapacitor(handler, 'authenticate'),
    vectors: ['bearer'],
    differences: ['jwt4', 'claimTypes'],
  },
  'jwt.9': {
    title: 'A token names its user',
    text: '`username` is a string that is not empty.',
    grade: 'measured',
    sources: kapacitor(handler, 'authenticate'),
    vectors: ['bearer', 'more-bearer'],
  },
} as const satisfies Readonly<Record<string, RuleRecord>>;
