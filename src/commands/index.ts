import { type CommandGroup, lazyCommand, type CommandEntry } from '../cli/command.js';

const user: CommandGroup = {
  name: 'user',
  summary: 'Manage users, their passwords and permissions',
  commands: [
    lazyCommand('create', 'Create users, with permissions and roles', () => import('./user/create.js')),
    lazyCommand('show', 'Show the permissions of a user and where they come from', () => import('./user/show.js')),
    lazyCommand('list', 'List users, or those with a permission or role', () => import('./user/list.js')),
    lazyCommand('delete', 'Delete users', () => import('./user/delete.js')),
    lazyCommand('passwd', 'Change the password of a user', () => import('./user/passwd.js')),
    lazyCommand('rotate', 'Generate new passwords for users, one after the other', () => import('./user/rotate.js')),
    lazyCommand('grant', 'Grant permissions to a user', () => import('./user/grant.js')),
    lazyCommand('revoke', 'Revoke permissions from a user', () => import('./user/revoke.js')),
  ],
};

const role: CommandGroup = {
  name: 'role',
  summary: 'Manage roles, their permissions and members',
  commands: [
    lazyCommand('create', 'Create roles, with permissions and members', () => import('./role/create.js')),
    lazyCommand('show', 'Show the permissions and members of a role', () => import('./role/show.js')),
    lazyCommand('list', 'List roles', () => import('./role/list.js')),
    lazyCommand('delete', 'Delete roles', () => import('./role/delete.js')),
    lazyCommand('rename', 'Rename a role, keeping its permissions and members', () => import('./role/rename.js')),
    lazyCommand('grant', 'Grant permissions to a role', () => import('./role/grant.js')),
    lazyCommand('revoke', 'Revoke permissions from a role', () => import('./role/revoke.js')),
    lazyCommand('add-users', 'Add users to a role', () => import('./role/add-users.js')),
    lazyCommand('remove-users', 'Remove users from a role', () => import('./role/remove-users.js')),
  ],
};

const permission: CommandGroup = {
  name: 'permission',
  summary: 'Look up permissions and what they allow',
  commands: [
    lazyCommand('list', 'List permissions', () => import('./permission/list.js')),
    lazyCommand('show', 'Show what a permission allows', () => import('./permission/show.js')),
  ],
};

const auth: CommandGroup = {
  name: 'auth',
  summary: "Explain Kapacitor's authentication and authorization",
  commands: [
    lazyCommand('test', "Simulate Kapacitor's authentication of a request", () => import('./auth/test.js')),
    lazyCommand('can-i', 'Check whether a user may call an endpoint', () => import('./auth/can-i.js')),
    lazyCommand('who-can', 'List the users who may call an endpoint', () => import('./auth/who-can.js')),
    lazyCommand('matrix', 'Show which users may call which endpoints, and why', () => import('./auth/matrix.js')),
    lazyCommand('flush', 'Make Kapacitor forget users, so changes take effect now', () => import('./auth/flush.js')),
  ],
};

const acl: CommandGroup = {
  name: 'acl',
  summary: 'Restrict measurements and tags of databases (experimental)',
  commands: [
    lazyCommand('list', 'List restrictions and grants (experimental)', () => import('./acl/list.js')),
    lazyCommand('restrict', 'Restrict reading or writing of data (experimental)', () => import('./acl/restrict.js')),
    lazyCommand('grant', 'Let users or roles through restrictions (experimental)', () => import('./acl/grant.js')),
    lazyCommand('delete', 'Delete restrictions and grants (experimental)', () => import('./acl/delete.js')),
  ],
};

const config: CommandGroup = {
  name: 'config',
  summary: 'Check and fix a kapacitor.conf and its environment',
  commands: [
    lazyCommand('check', 'Validate a kapacitor.conf', () => import('./config/check.js')),
    lazyCommand('show', 'Show the settings that Kapacitor will use', () => import('./config/show.js')),
    lazyCommand('fix', 'Fix a kapacitor.conf', () => import('./config/fix.js')),
    lazyCommand('init', 'Generate [http] and [auth] with new secrets', () => import('./config/init.js')),
  ],
};

const profile: CommandGroup = {
  name: 'profile',
  summary: 'Manage saved connections',
  commands: [
    lazyCommand('list', 'List profiles', () => import('./profile/list.js')),
    lazyCommand('show', 'Show a connection and where each value comes from', () => import('./profile/show.js')),
    lazyCommand('add', 'Save a connection as a profile', () => import('./profile/add.js')),
    lazyCommand('use', 'Set the default profile', () => import('./profile/use.js')),
    lazyCommand('remove', 'Remove profiles', () => import('./profile/remove.js')),
  ],
};

/** The groups of commands below the titles of the help. */
export const commandSections: readonly { title: string; groups: readonly CommandGroup[] }[] = [
  { title: 'Users and roles', groups: [user, role, permission, acl] },
  { title: 'Kapacitor', groups: [auth, config] },
  { title: 'Connections', groups: [profile] },
];

/** Commands of one word. */
export const topLevelCommands: readonly CommandEntry[] = [
  lazyCommand('doctor', 'Diagnose the live cluster and suggest fixes', () => import('./doctor.js')),
  lazyCommand('explain', 'Explain a finding, a rule or an open question', () => import('./explain.js')),
  lazyCommand('plan', 'Preview the changes that the state files need', () => import('./plan.js')),
  lazyCommand('apply', 'Apply state files to the cluster', () => import('./apply.js')),
  lazyCommand('export', 'Export users and roles to a state file', () => import('./export.js')),
  lazyCommand('bootstrap', 'Create the first admin user', () => import('./bootstrap.js')),
  lazyCommand('sandbox', 'Run a local test cluster with Kapacitor', () => import('./sandbox.js')),
  lazyCommand('completion', 'Print a completion script for bash, zsh or fish', () => import('./completion.js')),
  {
    ...lazyCommand('__complete', 'complete a command line', async () =>
      (await import('../completion/complete-command.js')).completionCommand({
        groups: commandSections.flatMap((section) => section.groups),
        topLevelCommands,
      }),
    ),
    hidden: true,
  },
];
