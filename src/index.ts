export { KapadminError, type ErrorKind } from './errors.js';
export { KapacitorAuth } from './library/kapacitor-auth.js';
export type { KapacitorAuthOptions, LoginRequest, LoginResult, SuggestedFix } from './library/kapacitor-auth.js';
export type { KnownUser } from './library/meta-node.js';
export type { MetaNode } from './library/meta-node.js';
export { Secret } from './model/secret.js';
export type { Permissions, Role, User } from './model/user.js';
export type { CauseId } from './diagnostics/login/explanation.js';
export type { TraceStep as Step, Trace, Verdict } from './auth-engine/trace.js';
export type { Clock } from './context.js';
export { createMetaClient } from './meta/client.js';
export { MetaError, type DeliveryStatus as Fate } from './meta/errors.js';
export type { MetaAccount as Account, MetaEvent } from './meta/api.js';
export type {
  AuthorizationQuery as AuthorizedQuestion,
  CallOptions,
  MetaClient,
  ReadOptions as NamedOptions,
  RawResponse as RawAnswer,
} from './meta/api.js';
export type {
  MetaCredentials as Credentials,
  MetaClientOptions,
  ProxyOptions,
  ClientTlsOptions as TlsOptions,
} from './meta/api.js';
export { retryPolicy } from './meta/retry.js';
export type { ClusterView, DataNodeView, LdapConfig, MetaNodeView, MetaStatus } from './meta/wire.js';
export type { RoleWrite, UserWrite } from './meta/wire.js';
