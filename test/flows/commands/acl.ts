import { cluster } from './cluster.js';
import type { CommandFlow } from './flow.js';

const note = 'experimental: built from the documentation';
const database = { match: 'exact', value: 'telegraf' };

export const flows: readonly CommandFlow[] = [
  {
    words: 'acl list',
    args: [],
    sandbox: cluster,
    says: ['no restrictions or grants'],
    notes: [note],
    json: { note, restrictions: [], grants: [] },
  },
  {
    words: 'acl restrict',
    args: ['write', '--db', 'telegraf', '--tag', 'dc=east', '--yes'],
    sandbox: cluster,
    says: ['created restriction/1 (write on database telegraf, tag "dc=east")'],
    notes: [
      'warning: this restriction leaves writes of points without its tags open',
      'neither Flux queries nor',
      note,
    ],
    json: {
      note,
      dryRun: false,
      changes: [
        {
          action: 'create',
          kind: 'restriction',
          id: '1',
          status: 'done',
          fields: { database, tags: [{ match: 'exact', key: 'dc', value: 'east' }], permissions: ['write'] },
        },
      ],
    },
    terminal: {
      args: ['write', '--db', 'telegraf', '--tag', 'dc=east'],
      types: async (terminal) => {
        await terminal.sees('Type "restrict" to continue');
        terminal.type('restrict');
        terminal.press('enter');
      },
    },
  },
  {
    words: 'acl grant',
    args: ['read', 'write', '--db', 'telegraf', '--user', 'johndoe', '--role', 'kapacitor'],
    sandbox: cluster,
    says: ['created grant/1 (read, write on database telegraf for user johndoe, role kapacitor)'],
    notes: ['A grant gives nothing without ReadData or WriteData on the database', note],
    json: {
      note,
      dryRun: false,
      changes: [
        {
          action: 'create',
          kind: 'grant',
          id: '1',
          status: 'done',
          fields: {
            database,
            permissions: ['read', 'write'],
            users: [{ name: 'johndoe' }],
            roles: [{ name: 'kapacitor' }],
          },
        },
      ],
    },
  },
];
