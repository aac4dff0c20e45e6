/** The engine alone: pure, for Node and for browsers. */
export { KapadminError, type ErrorKind } from './errors.js';
export { can } from './library/simulate-auth.js';
export { simulateAuth } from './library/simulate-auth.js';
export type { AuthSimulation, LoginRequest, LoginResult, SimulationOptions } from './library/simulate-auth.js';
export type { MetaNode, SimulatedUser } from './library/simulated-node.js';
export type { SuggestedFix } from './library/simulate-auth.js';
export type { Trace, Verdict } from './auth-engine/trace.js';
export type { TraceLine } from './diagnostics/login/trace-lines.js';
