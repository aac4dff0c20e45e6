export { createMetaClient } from './client.js';
export type * from './api.js';
export type { Clock } from '../context.js';
export { MetaError, type Fate } from './errors.js';
export type { Account, MetaEvent } from './event.js';
export type { Credentials, MetaClientOptions, ProxyOptions, TlsOptions } from './options.js';
export { retryPolicy } from './policy.js';
export type { ClusterView, DataNodeView, LdapConfig, MetaNodeView, MetaStatus } from './wire.js';
export type { RoleWrite, UserWrite } from './write.js';
