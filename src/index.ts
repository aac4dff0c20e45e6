export { KapadminError, type ErrorKind } from './errors.js';
export { checkConfigText as checkConfig } from './library/check-config-text.js';
export type { ConfigProblem, ConfigReport } from './library/check-config-text.js';
export { createClusterClient as createMetaClient } from './library/meta-client.js';
export type {
  ClientOptions as MetaClientOptions,
  ClusterClient as MetaClient,
  ClusterRole as Role,
  ClusterUser as User,
} from './library/meta-client.js';
export { can, simulateAuth } from './library/simulate-auth.js';
export type {
  AuthSimulation,
  LoginRequest,
  LoginResult,
  MetaNode,
  SimulatedUser,
  SimulationOptions,
  SuggestedFix,
} from './library/simulate-auth.js';
export { Secret } from './model/secret.js';
