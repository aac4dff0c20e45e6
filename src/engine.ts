/** The engine alone: pure, for Node and for browsers. */
export { KapadminError, type ErrorKind } from './errors.js';
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
export type { Trace, Verdict } from './auth-engine/trace.js';
export type { TraceLine } from './diagnostics/login/trace-lines.js';
