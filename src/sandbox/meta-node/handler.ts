import { Buffer, isUtf8 } from 'node:buffer';
import { parseUrlQuery as parsePairs } from '../../go-compat/url.js';
import { toBinary } from '../../go-compat/utf8.js';
import {
  findAclRoute,
  getAuthorized,
  getLdapConfig,
  getRoles,
  getShowCluster,
  getStatus,
  getUsers,
  postRole,
  postUser,
} from './routes.js';
import { authenticateRequest, type BcryptComputation, mayManageUsers, parseCredentials } from './login.js';
import type { HandlerOptions, RouteContext, SandboxNode } from './cluster.js';
import {
  errorReply,
  noContent,
  type NodeRequest,
  type NodeResponse,
  okReply,
  readUserBody,
  type Reply,
  textReply,
} from './messages.js';

/** Bytes that are not UTF-8 give a text that equals no other text. */
function textOf(binary: string): string {
  const bytes = Buffer.from(binary, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : `\udfff${binary}`;
}

/** The first value of each name in a query, read as Go's url.ParseQuery does: a malformed pair is dropped. */
export function queryParameters(query: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const pair of parsePairs(toBinary(query))) {
    const [name = '', value = ''] = pair.map(textOf);
    if (!values.has(name)) values.set(name, value);
  }
  return values;
}

/** What a moment brings to a request from outside. */
export interface RequestMetadata {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly requestId: string;
}

interface Route {
  readonly handle: (exchange: RouteContext) => Reply | BcryptComputation<Reply>;
  /** Only for those who may manage users. */
  readonly managesUsers?: boolean;
}

const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['GET /user', { handle: getUsers, managesUsers: true }],
  ['POST /user', { handle: postUser, managesUsers: true }],
  ['GET /role', { handle: getRoles, managesUsers: true }],
  ['POST /role', { handle: postRole, managesUsers: true }],
  ['GET /ping', { handle: () => okReply }],
  ['GET /status', { handle: getStatus }],
  ['GET /show-cluster', { handle: getShowCluster }],
  ['GET /authorized', { handle: getAuthorized }],
  ['GET /ldap/v1/config', { handle: getLdapConfig }],
]);

/** A user with none of the permissions that a route needs: the real server's text is not known. */
const forbidden = errorReply(403, 'user not authorized: CreateUserAndRole is required');

function decodePath(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** No user and authentication on: the one request that is let through without credentials. */
function createsFirstUser(node: SandboxNode, options: HandlerOptions, request: NodeRequest, path: string): boolean {
  if (options.login.kind !== 'users' || node.state().users.size > 0) return false;
  if (request.method !== 'POST' || path !== '/user') return false;
  const body = readUserBody(request.body);
  return 'action' in body && body.action === 'create';
}

/** As an open re-implementation of the meta server responds. */
function noRoute(method: string): Reply {
  return method === 'GET' || method === 'POST' ? textReply(404, '404 page not found\n') : textReply(400, '\n');
}

function* reply(
  node: SandboxNode,
  options: HandlerOptions,
  request: NodeRequest,
  now: number,
): BcryptComputation<Reply> {
  const path = decodePath(request.path);
  if (path === '/ping' && request.method === 'GET' && !options.pingAuth) return noContent;
  const acl = findAclRoute(request.method, path);
  const route: Route | undefined =
    acl === undefined ? routes.get(`${request.method} ${path}`) : { handle: acl, managesUsers: true };
  if (route === undefined) return noRoute(request.method);
  const query = queryParameters(request.query);
  const exchange = { node, options, request, query };
  if (!createsFirstUser(node, options, request, path)) {
    const facts = { state: node.state(), memory: options.memory, now };
    const login = yield* authenticateRequest(options.login, parseCredentials(request, query), facts);
    if ('reply' in login) return login.reply;
    if (route.managesUsers && !mayManageUsers(login.who, node.state())) return forbidden;
  }
  const answer = route.handle(exchange);
  return Symbol.iterator in answer ? yield* answer : answer;
}

/** The whole meta node as a function of its state, a request and a time; it yields for bcrypt where needed. */
export function* handleNodeRequest(
  node: SandboxNode,
  options: HandlerOptions,
  request: NodeRequest,
  metadata: RequestMetadata,
): BcryptComputation<NodeResponse> {
  const { status, body, headers } = yield* reply(node, options, request, metadata.now);
  return {
    status,
    body,
    headers: [
      ...headers,
      ['X-Influxdb-Version', options.version],
      ['Influxdb-Metaindex', String(node.state().index)],
      ['Request-Id', metadata.requestId],
    ],
  };
}
