export { mask } from './harness/mask.js';
export { kapadmin, start, type Ended, type Running } from './harness/program.js';
export { withSandbox, type SandboxUse } from './harness/sandbox.js';
export { registerSecret } from './harness/secrets.js';
export { inTerminal, openTerminal, type Terminal } from './harness/terminal.js';
