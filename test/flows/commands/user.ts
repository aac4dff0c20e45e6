import { expect } from 'vitest';
import { cluster, done, newPassword, typeName, typePasswordTwice } from './cluster.js';
import type { CommandFlow } from './flow.js';

const john = { on: 'user', name: 'johndoe' };
const remembers = 'Takes effect in Kapacitor when its cached entry for johndoe expires';

export const flows: readonly CommandFlow[] = [
  {
    words: 'user create',
    args: ['alice', '--grant', 'KapacitorAPI', '--role', 'kapacitor', '--password-stdin'],
    stdin: `${newPassword}\n`,
    sandbox: cluster,
    says: [/^created user alice$/m, /^granted KapacitorAPI to user alice$/m, /^added alice to role kapacitor$/m],
    json: {
      dryRun: false,
      changes: [
        { on: 'user', name: 'alice', action: 'create', status: 'done' },
        { on: 'user', name: 'alice', action: 'add-permissions', permissions: { '': ['KapacitorAPI'] }, status: 'done' },
        { on: 'role', name: 'kapacitor', action: 'add-users', users: ['alice'], status: 'done' },
      ],
    },
    terminal: { args: ['alice', '--grant', 'KapacitorAPI', '--role', 'kapacitor'], types: typePasswordTwice },
  },
  {
    words: 'user show',
    args: ['janedoe'],
    sandbox: cluster,
    says: [
      /^user +janedoe\npassword hash +bcrypt\nroles +kapacitor$/m,
      /^KapacitorAPI +all +role kapacitor +not seen: only through a role$/m,
      /^ReadData +telegraf +direct /m,
    ],
    json: {
      name: 'janedoe',
      password: 'bcrypt',
      permissions: { telegraf: ['ReadData'] },
      roles: ['kapacitor'],
      effective: [
        {
          permission: 'KapacitorAPI',
          scope: '',
          inUserRecord: false,
          direct: 'no',
          roles: ['kapacitor'],
          kapacitor: 'not-seen',
        },
        { permission: 'ReadData', scope: 'telegraf', inUserRecord: true, direct: 'yes', roles: [], kapacitor: 'seen' },
      ],
    },
  },
  {
    words: 'user list',
    args: ['--permission', 'KapacitorAPI', '--via-role', '--role', 'kapacitor'],
    sandbox: cluster,
    says: [/^NAME +PERMISSIONS +ROLES$/m, /^janedoe +ReadData \(telegraf\) +kapacitor$/m],
    json: [{ name: 'janedoe', permissions: { telegraf: ['ReadData'] }, roles: ['kapacitor'] }],
  },
  {
    words: 'user list',
    args: ['--permission', 'KapacitorAPI', '--state', 'state.yaml'],
    files: { 'state.yaml': 'users: { ann: { permissions: { "": [KapacitorAPI] } }, bob: {} }\n' },
    says: [/^ann +KapacitorAPI$/m],
    json: [{ name: 'ann', permissions: { '': ['KapacitorAPI'] }, roles: [] }],
  },
  {
    words: 'user delete',
    args: ['johndoe', '--yes'],
    sandbox: cluster,
    says: [/^deleted user johndoe$/m],
    notes: ['Kapacitor may accept logins of johndoe until the cached entry expires (up to cache-expiration).'],
    json: done({ ...john, action: 'delete' }),
    terminal: { args: ['johndoe'], types: typeName('johndoe') },
  },
  {
    words: 'user passwd',
    args: ['johndoe', '--password-stdin'],
    stdin: `${newPassword}\n`,
    sandbox: cluster,
    says: [/^changed the password of user johndoe$/m],
    notes: ['may accept the old password for up to 1h plus its cache-expiration'],
    json: done({ ...john, action: 'change-password' }),
    terminal: { args: ['johndoe'], types: typePasswordTwice },
  },
  {
    words: 'user rotate',
    args: ['johndoe', '--passwords-out', 'passwords'],
    sandbox: cluster,
    says: [
      /^changed the password of user johndoe, verified$/m,
      /^The new passwords were saved to <folder>\/passwords\.$/m,
      /^ {2}an old password may still be accepted until <time>/m,
    ],
    json: {
      changes: [{ ...john, action: 'change-password', status: 'done', verified: true }],
      passwordsOut: '<folder>/passwords',
      kapacitor: expect.objectContaining({ assumed: true }),
    },
  },
  {
    words: 'user grant',
    args: ['johndoe', 'KapacitorConfigAPI'],
    sandbox: cluster,
    says: [/^granted KapacitorConfigAPI to user johndoe$/m],
    notes: [remembers],
    json: done({ ...john, action: 'add-permissions', permissions: { '': ['KapacitorConfigAPI'] } }),
  },
  {
    words: 'user revoke',
    args: ['johndoe', 'KapacitorAPI'],
    sandbox: cluster,
    says: [/^revoked KapacitorAPI from user johndoe$/m],
    notes: [remembers],
    json: done({ ...john, action: 'remove-permissions', permissions: { '': ['KapacitorAPI'] } }),
  },
];
