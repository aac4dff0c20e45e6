export { KapadminError, type ErrorKind } from './errors.js';
export { can } from './library/simulate-auth.js';
export { checkConfigText as checkConfig } from './library/check-config-text.js';
export type { ConfigProblem, ConfigReport } from './library/check-config-text.js';
export { createClusterClient as createMetaClient } from './library/meta-client.js';
export type {
  ClientOptions as MetaClientOptions,
  ClusterClient as MetaClient,
  ClusterRole as Role,
  ClusterUser as User,
} from './library/meta-client.js';
export { simulateAuth } from './library/simulate-auth.js';
export type { AuthSimulation, LoginRequest, LoginResult, SimulationOptions } from './library/simulate-auth.js';
export type { MetaNode, SimulatedUser } from './library/simulated-node.js';
export type { SuggestedFix } from './library/simulate-auth.js';
export { Secret } from './model/secret.js';
