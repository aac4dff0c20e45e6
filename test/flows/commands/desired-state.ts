import { expect } from 'vitest';
import { cluster } from './cluster.js';
import type { CommandFlow } from './flow.js';

const files = {
  'access.yaml': `users:
  johndoe:
    permissions: { "": [KapacitorConfigAPI] }
`,
};
const grant = { on: 'user', name: 'johndoe', action: 'add-permissions', permissions: { '': ['KapacitorConfigAPI'] } };
const revoke = { on: 'user', name: 'johndoe', action: 'remove-permissions', permissions: { '': ['KapacitorAPI'] } };

export const flows: readonly CommandFlow[] = [
  {
    words: 'plan',
    args: ['access.yaml', '--prune'],
    files,
    sandbox: cluster,
    code: 1,
    says: [/^ +~ johndoe$/m, /^ +\+ KapacitorConfigAPI\b/m, /^ +- KapacitorAPI\b/m, /^Plan: .*change 1 user/m],
    json: { changes: expect.arrayContaining([grant, revoke]), protectedChanges: [], drift: null },
  },
  {
    words: 'plan',
    args: ['access.yaml', '--access', '--fail-on-gain', 'write:/config'],
    files,
    sandbox: cluster,
    code: 1,
    says: [
      /^johndoe +gained +\/config +KapacitorConfigAPI: all privileges on \/api\/config$/m,
      'Access: 1 user gains.',
    ],
    notes: ['--fail-on-gain write:/config: gained by johndoe'],
    json: {
      gained: ['read', 'write'].map((privilege) => ({
        user: 'johndoe',
        endpoint: '/config',
        privilege,
        by: 'KapacitorConfigAPI: all privileges on /api/config',
      })),
      lost: [],
      unknown: [],
      unchanged: [],
      rolesInUserRecords: 'no',
    },
  },
  {
    words: 'apply',
    args: ['access.yaml'],
    files,
    sandbox: cluster,
    says: [/^granted KapacitorConfigAPI to user johndoe$/m],
    json: expect.objectContaining({ changes: [{ ...grant, status: 'done' }] }),
  },
  {
    words: 'export',
    args: [],
    sandbox: cluster,
    says: [/^users:$/m, /^ {2}johndoe:\n {4}permissions:\n {6}"": \[KapacitorAPI\]$/m, /^roles:$/m],
    json: {
      users: expect.objectContaining({ johndoe: { permissions: { '': ['KapacitorAPI'] } } }),
      roles: { kapacitor: { permissions: { '': ['KapacitorAPI'] }, members: ['janedoe'] } },
      options: expect.objectContaining({ manage: 'listed' }),
    },
  },
];
