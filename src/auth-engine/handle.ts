import { authenticateUser, checkSubscription, findUser } from './authenticate.js';
import {
  type RequestCredentials,
  type HttpRequest,
  readCredentials,
  parseRequest,
  type ParsedRequest,
  redirectLocation,
  rewritePreview,
  routeRequest,
  type Route,
} from './request.js';
import { type AuthUser, type Daemon, type DaemonSettings, startDaemon, unixSeconds } from './daemon-state.js';
import {
  compileEndpoint,
  compilePrivileges,
  compileResource,
  databaseResource,
  decidePrivilege,
  type PrivilegeDecision,
  privilegeByMethod,
  type Privileges,
} from './privileges.js';
import { parseUrlQuery, queryValue, type Url } from '../go-compat/url.js';
import { quote } from '../go-compat/strconv.js';
import { toBinary, toText } from '../go-compat/utf8.js';
import { verifyToken } from './jwt.js';
import type { TraceStep, Trace, VerdictStep } from './trace.js';
import { serveUsers } from './own-user-store.js';
import type { Engine } from './effects.js';
import type { RuleId } from './rules/registry.js';
import { writeBodyError } from './line-protocol.js';

type Verdict = Omit<VerdictStep, 'kind' | 'outcome' | 'rule'>;

const emptyVerdict = { status: null, user: null, message: null, location: null, plain: false } as const;

function verdict(steps: TraceStep[], rule: RuleId, facts: Partial<Verdict> & Pick<Verdict, 'verdict'>): Trace {
  steps.push({
    kind: 'verdict',
    outcome: facts.verdict === 'allow' ? 'pass' : 'fail',
    rule,
    ...emptyVerdict,
    ...facts,
  });
  return steps;
}

const admin: AuthUser = {
  name: 'ADMIN_USER',
  admin: true,
  hash: { kind: 'record', text: '' },
  privileges: compilePrivileges(new Map()),
};

type Identity = { readonly ok: true; readonly user: AuthUser } | { readonly ok: false; readonly message: string };

/** A bearer token's user: verified, then looked up without a password (services/httpd/handler.go, authenticate). */
function* identifyBearer(daemon: Daemon, token: string, now: number, steps: TraceStep[]): Engine<Identity> {
  const { settings } = daemon;
  const verified = verifyToken(token, settings.sharedSecret, unixSeconds(daemon, now), daemon.version);
  steps.push({
    kind: 'token',
    outcome: verified.ok ? 'pass' : 'fail',
    rule: verified.ok ? 'jwt' : `jwt.${verified.check}`,
    user: verified.ok ? toText(verified.username) : undefined,
    algorithm: verified.ok ? verified.algorithm : undefined,
    expires: verified.ok ? verified.expires : undefined,
    emptySecret: settings.sharedSecret === '',
    check: verified.ok ? undefined : verified.check,
    message: verified.ok ? undefined : verified.message,
  });
  if (!verified.ok) return verified;
  if (settings.users === 'noauth') return { ok: true, user: { ...admin, name: verified.username } };
  return yield* findUser(daemon, verified.username, now, steps);
}

function* identify(daemon: Daemon, credentials: RequestCredentials, now: number, steps: TraceStep[]): Engine<Identity> {
  if (credentials.form === 'bearer') return yield* identifyBearer(daemon, credentials.token, now, steps);
  const noauth = daemon.settings.users === 'noauth';
  if (credentials.form === 'subscriber') {
    if (noauth) return { ok: true, user: { ...admin, name: 'subscription-user' } };
    return checkSubscription(daemon, credentials.token, now, steps);
  }
  if (noauth) return { ok: true, user: { ...admin, name: credentials.user } };
  const user = yield* authenticateUser(daemon, credentials.user, credentials.password, now, steps);
  return user === undefined ? { ok: false, message: 'authorization failed' } : { ok: true, user };
}

function privilegeRule(isAdmin: boolean, { rule }: PrivilegeDecision): RuleId {
  if (rule === 'nothing-needed') return '6.method';
  if (isAdmin) return '6.admin';
  return rule === 'entry' ? '6.0' : '6.none';
}

/** Section 6: checks the method's privilege on the resource of the path. Returns the error text if it is denied. */
function authorize(user: AuthUser, method: string, path: string, steps: TraceStep[]): string | undefined {
  const needed = privilegeByMethod[method]!;
  const target = compileEndpoint(path);
  const decision = decidePrivilege(user.privileges, target, needed);
  const allowed = user.admin || decision.allowed;
  steps.push({
    kind: 'privileges',
    outcome: allowed ? 'pass' : 'fail',
    rule: privilegeRule(user.admin, decision),
    user: toText(user.name),
    admin: user.admin,
    needed,
    path: toText(path),
    resource: toText(target.resource),
    decidedBy: user.admin && needed !== 'none' ? 'admin' : decision.rule,
    entry: decision.entry === undefined ? undefined : toText(decision.entry),
    mask: decision.mask,
  });
  if (allowed) return undefined;
  return `user ${user.name} does not have "${needed}" privilege for API endpoint ${toBinary(quote(path))}`;
}

/**
 * Checks the write privilege on the database of `?db=` (services/httpd/handler.go, serveWriteLine). Returns the error
 * text if it is denied.
 */
function authorizeWrite(user: AuthUser, url: Url, steps: TraceStep[]): string | undefined {
  const database = queryValue(parseUrlQuery(url.rawQuery), 'db');
  const decision = decidePrivilege(user.privileges, compileResource(databaseResource(database)), 'write');
  const hasDatabase = database !== '';
  const allowed = user.admin || !hasDatabase || decision.allowed;
  steps.push({
    kind: 'database',
    outcome: allowed ? (hasDatabase ? 'pass' : 'info') : 'fail',
    rule: hasDatabase ? '6.write' : '6.write.no-db',
    user: toText(user.name),
    database: toText(database),
    decidedBy: !hasDatabase ? 'no-database' : user.admin ? 'admin' : decision.rule === 'entry' ? 'entry' : 'no-entry',
    entry: decision.entry === undefined ? undefined : toText(decision.entry),
    mask: decision.mask,
  });
  if (allowed) return undefined;
  return `${toBinary(quote(user.name))} user is not authorized to write to database ${toBinary(quote(database))}`;
}

type Readable = Extract<ParsedRequest, { ok: true }>;

interface RequestPass {
  readonly method: string;
  readonly url: Url;
  readonly path: string;
  readonly authorization: string;
  /** The user, if already authenticated. */
  readonly as: Identity | undefined;
}

/** Sections 2 to 5: authenticates the request. */
function* authenticateRequest(daemon: Daemon, request: RequestPass, now: number, steps: TraceStep[]): Engine<Identity> {
  const read = readCredentials(request.authorization, request.url.rawQuery, daemon.version);
  steps.push(read.step);
  return read.ok ? yield* identify(daemon, read.credentials, now, steps) : { ok: false, message: read.step.message };
}

/** Sections 2 to 6 of one pass: the user if the request is admitted, otherwise the complete trace. */
function* admitRequest(
  daemon: Daemon,
  request: RequestPass,
  now: number,
  steps: TraceStep[],
): Engine<{ user: AuthUser } | Trace> {
  const identity = request.as === undefined ? yield* authenticateRequest(daemon, request, now, steps) : request.as;
  if (!identity.ok) return verdict(steps, '2.6', { verdict: 'deny', status: 401, message: identity.message });
  const { user } = identity;
  if (daemon.settings.users === 'noauth') {
    steps.push({ kind: 'noauth', outcome: 'pass', rule: '1.6', user: toText(user.name) });
  }
  const refusal = authorize(user, request.method, request.path, steps);
  if (refusal === undefined) return { user };
  return verdict(steps, '6.0', { verdict: 'deny', status: 403, user: user.name, message: refusal });
}

/** The complete trace of a request that ends before its credentials are checked. */
function endUnadmitted(routed: Extract<Route, { away: true }>, method: string, url: Url, steps: TraceStep[]): Trace {
  if (routed.to === 'bad-request') {
    steps.push({ kind: 'target', outcome: 'fail', rule: '1.0', reason: 'asterisk' });
    return verdict(steps, '1.0', { verdict: 'bad-request', status: 400 });
  }
  if (routed.to === 'unrouted') {
    steps.push({ kind: 'method', outcome: 'fail', rule: '1.1', method: toText(method) });
    return verdict(steps, '1.1', { verdict: 'unrouted', status: 404 });
  }
  const location = redirectLocation(url, routed.path);
  steps.push({ kind: 'clean-path', outcome: 'fail', rule: '1.2', location: toText(location) });
  return verdict(steps, '1.2', { verdict: 'redirect', status: 301, location });
}

/**
 * Decides one request as the daemon does. A generator: it yields effects (meta requests, bcrypt digests), is resumed
 * with their results, and returns the trace, whose last step is the verdict. It does not throw on any request.
 * @param now nanoseconds since the daemon started; waiting inside a request does not advance it
 * @param authenticatedUser an already authenticated user: the decision starts at authorization
 */
export function* handleRequest(
  daemon: Daemon,
  request: HttpRequest,
  now: number,
  authenticatedUser?: AuthUser,
): Engine<Trace> {
  const steps: TraceStep[] = [];
  const read = parseRequest(request);
  if (!read.ok) {
    steps.push({ kind: 'target', outcome: 'fail', rule: '1.0', reason: read.reason });
    return verdict(steps, '1.0', { verdict: 'bad-request', status: 400 });
  }
  const { url } = read;
  const { method, target } = request;
  const authorization = read.header('authorization');
  const as = authenticatedUser === undefined ? undefined : ({ ok: true, user: authenticatedUser } as const);
  let { path } = url;
  for (;;) {
    const routed = routeRequest(daemon.settings, method, target, path);
    if (routed.away) return endUnadmitted(routed, method, url, steps);
    let user = admin;
    if (routed.to === 'open') {
      steps.push({ kind: 'open', outcome: 'pass', rule: routed.rule, why: routed.why });
    } else {
      const admitted = yield* admitRequest(daemon, { method, url, path, authorization, as }, now, steps);
      if ('length' in admitted) return admitted;
      user = admitted.user;
    }
    if (!routed.preview) {
      if (routed.write) return finishWrite(user, request, read, steps);
      if (authenticatedUser === undefined) serveUsers(daemon, method, path, request.body ?? '', now, steps);
      return verdict(steps, '6.0', { verdict: 'allow', user: user.name });
    }
    path = rewritePreview(path);
    steps.push({ kind: 'preview', outcome: 'info', rule: '6.preview', path: toText(path) });
  }
}

/** A write is parsed before its database is authorized; a parse error is not an authorization failure. */
function finishWrite(user: AuthUser, { body = '' }: HttpRequest, { url, header }: Readable, steps: TraceStep[]): Trace {
  const response = writeBodyError(body, header('content-encoding'), url.rawQuery);
  if (response !== undefined) steps.push({ kind: 'write-body', outcome: 'info', rule: '6.body', response });
  const refusal = response === undefined ? authorizeWrite(user, url, steps) : undefined;
  if (refusal === undefined) return verdict(steps, '6.0', { verdict: 'allow', user: user.name });
  return verdict(steps, '6.write', { verdict: 'deny', status: 401, user: user.name, message: refusal, plain: true });
}

const authorizationSettings: DaemonSettings = {
  authEnabled: true,
  pprofEnabled: false,
  sharedSecret: '',
  users: 'meta',
  cacheExpiration: 3600e9,
  bcryptCost: 4,
  metaAddr: '127.0.0.1:8091',
  metaUseTls: false,
  metaUsername: '',
  metaPassword: '',
  metaSecret: '',
};

const authorizationDaemon = startDaemon(authorizationSettings, 0);

/** The trace of a request of an already authenticated user, from authorization on. Strings are binary. */
export function handleRequestAs(user: { name: string; privileges: Privileges }, request: HttpRequest): Trace {
  const authenticatedUser = { ...user, admin: false, hash: { kind: 'record', text: '' } } as const;
  const next = handleRequest(authorizationDaemon, request, 0, authenticatedUser).next();
  if (!next.done) throw new TypeError('a known user was looked up');
  return next.value;
}
