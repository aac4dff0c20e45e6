import { permissions } from '../../../src/model/permissions.js';
import { emptyCluster, newPassword, typePasswordTwice } from './cluster.js';
import type { CommandFlow } from './flow.js';

const all = permissions.map((row) => row.name).filter((name) => name !== 'NoPermissions');
const root = { on: 'user', name: 'root', status: 'done' };

export const flows: readonly CommandFlow[] = [
  {
    words: 'bootstrap',
    args: ['root', '--password-stdin'],
    stdin: `${newPassword}\n`,
    sandbox: emptyCluster,
    says: [/^created user root$/m],
    notes: ['Verified: anonymous access is disabled.'],
    json: {
      dryRun: false,
      anonymousRead: 'refused',
      changes: [
        { ...root, action: 'create' },
        { ...root, action: 'add-permissions', permissions: { '': all } },
      ],
    },
    terminal: { args: ['root'], types: typePasswordTwice },
  },
];
