import { cluster, done, typeName } from './cluster.js';
import type { CommandFlow } from './flow.js';

const role = { on: 'role', name: 'kapacitor' };
const notByRoles = 'Kapacitor reads only the user record. This cluster does not copy role permissions into it.';

export const flows: readonly CommandFlow[] = [
  {
    words: 'role create',
    args: ['readers', '--grant', 'ReadData', '--db', 'telegraf', '--user', 'johndoe'],
    sandbox: cluster,
    says: [
      /^created role readers$/m,
      /^granted ReadData on telegraf to role readers$/m,
      /^added johndoe to role readers$/m,
    ],
    json: {
      dryRun: false,
      changes: [
        { on: 'role', name: 'readers', action: 'create', status: 'done' },
        {
          on: 'role',
          name: 'readers',
          action: 'add-permissions',
          permissions: { telegraf: ['ReadData'] },
          status: 'done',
        },
        { on: 'role', name: 'readers', action: 'add-users', users: ['johndoe'], status: 'done' },
      ],
    },
  },
  {
    words: 'role show',
    args: ['kapacitor'],
    sandbox: cluster,
    says: [/^role +kapacitor\nusers +janedoe$/m, /^KapacitorAPI +all$/m],
    notes: [notByRoles],
    json: { name: 'kapacitor', permissions: { '': ['KapacitorAPI'] }, users: ['janedoe'] },
  },
  {
    words: 'role list',
    args: [],
    sandbox: cluster,
    says: [/^NAME +PERMISSIONS +USERS\nkapacitor +KapacitorAPI +janedoe$/m],
    json: [{ name: 'kapacitor', permissions: { '': ['KapacitorAPI'] }, users: ['janedoe'] }],
  },
  {
    words: 'role delete',
    args: ['kapacitor', '--yes'],
    sandbox: cluster,
    says: [/^deleted role kapacitor$/m],
    json: done({ ...role, action: 'delete' }),
    terminal: { args: ['kapacitor'], types: typeName('kapacitor') },
  },
  {
    words: 'role rename',
    args: ['kapacitor', 'alerting'],
    sandbox: cluster,
    says: [
      /^created role alerting$/m,
      /^granted KapacitorAPI to role alerting$/m,
      /^added janedoe to role alerting$/m,
      /^deleted role kapacitor$/m,
    ],
    json: {
      dryRun: false,
      changes: [
        { on: 'role', name: 'alerting', action: 'create', status: 'done' },
        {
          on: 'role',
          name: 'alerting',
          action: 'add-permissions',
          permissions: { '': ['KapacitorAPI'] },
          status: 'done',
        },
        { on: 'role', name: 'alerting', action: 'add-users', users: ['janedoe'], status: 'done' },
        { ...role, action: 'delete', status: 'done' },
      ],
    },
  },
  {
    words: 'role grant',
    args: ['kapacitor', 'KapacitorConfigAPI'],
    sandbox: cluster,
    says: [/^granted KapacitorConfigAPI to role kapacitor$/m],
    notes: [notByRoles],
    json: done({ ...role, action: 'add-permissions', permissions: { '': ['KapacitorConfigAPI'] } }),
  },
  {
    words: 'role revoke',
    args: ['kapacitor', 'KapacitorAPI'],
    sandbox: cluster,
    says: [/^revoked KapacitorAPI from role kapacitor$/m],
    json: done({ ...role, action: 'remove-permissions', permissions: { '': ['KapacitorAPI'] } }),
  },
  {
    words: 'role add-users',
    args: ['kapacitor', 'johndoe'],
    sandbox: cluster,
    says: [/^added johndoe to role kapacitor$/m],
    notes: [notByRoles],
    json: done({ ...role, action: 'add-users', users: ['johndoe'] }),
  },
  {
    words: 'role remove-users',
    args: ['kapacitor', 'janedoe'],
    sandbox: cluster,
    says: [/^removed janedoe from role kapacitor$/m],
    json: done({ ...role, action: 'remove-users', users: ['janedoe'] }),
  },
];
