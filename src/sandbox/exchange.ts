import type { Secret } from '../model/secret.js';
import type { LoginRule } from './authenticate.js';
import type { MetaRequest } from './message.js';
import type { MetaNode } from './node.js';
import type { PasswordMemory } from './password-memory.js';

/** The server that is imitated, as it names itself. */
export const imitatedVersion = '1.11.8-c1.11.8';

export interface HandlerOptions {
  readonly login: LoginRule;
  /** LDAP is on: writes to users are refused, no hash is shown. */
  readonly ldap: boolean;
  /** GET /user shows the permissions of a user's roles as its own. */
  readonly mergeRolePermissions: boolean;
  /**
   * `create` takes `permissions` (and `users` of a role) at once. Off by default: whether the real server does is not
   * known, and who adds them by their own actions is right either way.
   */
  readonly createTakesAll: boolean;
  /** Takes passwords over 72 bytes. */
  readonly longPasswords: boolean;
  /** `/ping` asks for credentials, and then responds 200 in place of 204. */
  readonly pingAuth: boolean;
  /** As in `X-Influxdb-Version`. */
  readonly version: string;
  readonly memory: PasswordMemory;
  /** Where given, `/authorized` compares with these passwords instead of the hashes. */
  readonly passwords?: ReadonlyMap<string, Secret>;
}

/** A request with all that its route needs to answer it. */
export interface Exchange {
  readonly node: MetaNode;
  readonly options: HandlerOptions;
  readonly request: MetaRequest;
  readonly query: ReadonlyMap<string, string>;
}
