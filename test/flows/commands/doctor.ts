import { expect } from 'vitest';
import { cluster } from './cluster.js';
import type { CommandFlow } from './flow.js';

const byRole = expect.objectContaining({
  id: 'right-only-by-role',
  severity: 'error',
  fixes: [{ what: 'To grant it directly', command: 'kapadmin user grant janedoe KapacitorAPI' }],
});

export const flows: readonly CommandFlow[] = [
  {
    words: 'doctor',
    args: ['--no-env'],
    sandbox: { ...cluster, nodes: 3 },
    code: 1,
    says: [
      /^✔ 3 nodes, version 1\.11\.8, leader 127\.0\.0\.1:<port>$/m,
      /^✔ 3 users: Kapacitor can check every hash and knows every permission$/m,
      /^error: A Kapacitor permission is granted only through a role, which Kapacitor does not see +right-only-by-role$/m,
      /^ {2}To grant it directly: kapadmin user grant janedoe KapacitorAPI$/m,
      /^1 error, 2 info$/m,
    ],
    json: expect.objectContaining({
      command: 'doctor',
      counts: { error: 1, warning: 0, info: 2 },
      findings: [
        byRole,
        expect.objectContaining({ id: 'kapacitor-admin-makers', fact: '1 user with KapacitorAPI: johndoe.' }),
        expect.objectContaining({ id: 'role-rights-hidden', severity: 'info' }),
      ],
    }),
  },
];
