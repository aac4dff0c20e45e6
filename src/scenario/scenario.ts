import type { HttpRequest } from '../auth-engine/request.js';
import type { KapacitorVersion } from '../model/kapacitor-versions.js';
import type { Expectation } from './expectations.js';
import type { NodeRequest, NodeResponse, ResponseHeader } from '../sandbox/meta-node/messages.js';
import type { DescribedRole, DescribedUser, SeedAccount } from '../sandbox/seed-and-data-files.js';
import { Secret } from '../model/secret.js';
import { addPermissions, type ClusterState, noGrants, type StoredUser } from '../sandbox/meta-node/store.js';
import { type HandlerOptions, simulatedVersion, singleNode } from '../sandbox/meta-node/cluster.js';
import { createVerifiedPasswords, type LoginRule, runSync } from '../sandbox/meta-node/login.js';
import { handleNodeRequest } from '../sandbox/meta-node/handler.js';

export interface ScenarioStep {
  /** As written, such as `5m`. */
  readonly at: string;
  /** Nanoseconds since the daemon started. */
  readonly now: number;
  /** Replaces these parts of the meta node from this step on. */
  readonly meta: Partial<ScenarioMeta> | undefined;
  readonly listen: string | undefined;
  readonly request: { readonly wire: HttpRequest; readonly method: string; readonly path: string } | undefined;
  readonly expect: Expectation | undefined;
}

/** A scenario, ready to play; the file format is in docs/scenarios.md. */
export interface Scenario {
  readonly name: string;
  /** Undefined if the file has none. */
  readonly version: KapacitorVersion | undefined;
  /** Milliseconds since 1970 at 0s. */
  readonly start: number;
  readonly config: string | Uint8Array;
  readonly env: ReadonlyMap<string, string>;
  readonly meta: ScenarioMeta;
  /** Where the node listens; undefined: at meta-addr. */
  readonly listen: string | undefined;
  readonly steps: readonly ScenarioStep[];
  readonly expect: { readonly starts?: boolean; readonly message?: string | null } | undefined;
}

/** How a request without a response ends. */
type NoResponse = 'refused' | 'timeout' | 'tls';

/** A response that precedes every check, credentials included. */
export interface ScriptedResponse {
  /** Exact, without query; any path where it is absent. */
  readonly path?: string | undefined;
  /** How often it is given; always where it is absent. */
  readonly times?: number | undefined;
  readonly error?: NoResponse | undefined;
  readonly status?: number | undefined;
  readonly headers?: readonly ResponseHeader[] | undefined;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** The meta node of a scenario: its content and responses. */
export interface ScenarioMeta {
  /** Null: it asks for none. */
  readonly credentials: SeedAccount | null;
  readonly users: readonly DescribedUser[];
  readonly roles: readonly DescribedRole[];
  readonly responses: readonly ScriptedResponse[];
}

type ScenarioResponse = { readonly answer: NodeResponse } | { readonly error: NoResponse };

export interface ScenarioNode {
  /** Replaces the named parts from here on. */
  replace(parts: Partial<ScenarioMeta>): void;
  request(request: NodeRequest): ScenarioResponse;
}

function stored(user: DescribedUser, hash: (password: Secret) => Secret): StoredUser {
  return {
    name: user.name,
    get hash() {
      return user.hash ?? (user.password === undefined ? new Secret('') : hash(user.password));
    },
    ldap: user.ldap,
    permissions: addPermissions(noGrants, user.permissions),
  };
}

function toState(meta: ScenarioMeta, hash: (password: Secret) => Secret): ClusterState {
  return {
    index: 1,
    users: new Map(meta.users.map((user) => [user.name, stored(user, hash)])),
    acl: new Map(),
    roles: new Map(meta.roles.map((role) => [role.name, { ...role, users: new Set(role.users) }])),
  };
}

function toOptions(meta: ScenarioMeta): HandlerOptions {
  const login: LoginRule = meta.credentials ? { kind: 'account', ...meta.credentials } : { kind: 'anyone' };
  const passwords = meta.users.flatMap(({ name, password }) =>
    password === undefined ? [] : [[name, password] as const],
  );
  return {
    login,
    ldap: false,
    mergeRolePermissions: false,
    createTakesAll: false,
    longPasswords: false,
    pingAuth: false,
    version: simulatedVersion,
    memory: createVerifiedPasswords(''),
    passwords: new Map(passwords),
  };
}

function scripted(response: ScriptedResponse): ScenarioResponse {
  if (response.error !== undefined) return { error: response.error };
  const { status = 200, headers = [], body = '' } = response;
  return { answer: { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) } };
}

/**
 * The node that a scenario describes, on the handler of the sandbox (its rules: docs/scenarios.md). `hash` computes the
 * bcrypt hash of a password, once for each password, when its user is first read.
 */
export function scenarioNode(first: ScenarioMeta, hash: (password: Secret) => Secret): ScenarioNode {
  const hashes = new Map<string, Secret>();
  const hashOnce = (password: Secret): Secret => {
    const made = hashes.get(password.reveal()) ?? hash(password);
    hashes.set(password.reveal(), made);
    return made;
  };
  let meta = first;
  let node = singleNode(toState(meta, hashOnce));
  let options = toOptions(meta);
  let given = new Map<ScriptedResponse, number>();
  return {
    replace(parts) {
      meta = { ...meta, ...parts };
      if (parts.users || parts.roles) node = singleNode(toState(meta, hashOnce));
      options = toOptions(meta);
      if (parts.responses) given = new Map();
    },
    request(request) {
      for (const candidate of meta.responses) {
        const count = given.get(candidate) ?? 0;
        if ((candidate.path ?? request.path) !== request.path || count >= (candidate.times ?? Infinity)) continue;
        given.set(candidate, count + 1);
        return scripted(candidate);
      }
      const asking = handleNodeRequest(node, options, request, { now: 0, requestId: 'scenario' });
      return { answer: runSync(asking, { hash: hashOnce, compare: () => false }) };
    },
  };
}
