import type { CommandFlow } from './flow.js';
import { flows as acl } from './acl.js';
import { flows as auth } from './auth.js';
import { flows as bootstrap } from './bootstrap.js';
import { flows as completion } from './completion.js';
import { flows as config } from './config.js';
import { flows as doctor } from './doctor.js';
import { flows as permission } from './permission.js';
import { flows as profile } from './profile.js';
import { flows as role } from './role.js';
import { flows as user } from './user.js';
import { flows as desiredState } from './desired-state.js';

/** One flow for each command. */
export const commandFlows: readonly CommandFlow[] = [
  ...bootstrap,
  ...user,
  ...role,
  ...permission,
  ...acl,
  ...auth,
  ...config,
  ...completion,
  ...doctor,
  ...desiredState,
  ...profile,
];

/** Commands that run on until they are stopped, or need a Kapacitor or two commands -> the file of their own flow, with the same three ways to run. */
export const ownFlows: ReadonlyMap<string, string> = new Map([
  ['sandbox', 'sandbox.test.ts'],
  ['auth flush', 'flush.test.ts'],
  ['acl delete', 'acl.test.ts'],
]);
