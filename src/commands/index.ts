import { type Noun, verb, type VerbEntry } from '../cli/command.js';

const user: Noun = {
  name: 'user',
  summary: 'Manage users, their passwords and permissions',
  verbs: [
    verb('create', 'Create users, with permissions and roles', () => import('./user/create.js')),
    verb('show', 'Show the permissions of a user and where they come from', () => import('./user/show.js')),
    verb('list', 'List users, or those with a permission or role', () => import('./user/list.js')),
    verb('delete', 'Delete users', () => import('./user/delete.js')),
    verb('passwd', 'Change the password of a user', () => import('./user/passwd.js')),
    verb('rotate', 'Generate new passwords for users, one after the other', () => import('./user/rotate.js')),
    verb('grant', 'Grant permissions to a user', () => import('./user/grant.js')),
    verb('revoke', 'Revoke permissions from a user', () => import('./user/revoke.js')),
  ],
};

const role: Noun = {
  name: 'role',
  summary: 'Manage roles, their permissions and members',
  verbs: [
    verb('create', 'Create roles, with permissions and members', () => import('./role/create.js')),
    verb('show', 'Show the permissions and members of a role', () => import('./role/show.js')),
    verb('list', 'List roles', () => import('./role/list.js')),
    verb('delete', 'Delete roles', () => import('./role/delete.js')),
    verb('rename', 'Rename a role, keeping its permissions and members', () => import('./role/rename.js')),
    verb('grant', 'Grant permissions to a role', () => import('./role/grant.js')),
    verb('revoke', 'Revoke permissions from a role', () => import('./role/revoke.js')),
    verb('add-users', 'Add users to a role', () => import('./role/add-users.js')),
    verb('remove-users', 'Remove users from a role', () => import('./role/remove-users.js')),
  ],
};

const permission: Noun = {
  name: 'permission',
  summary: 'Look up permissions and what they allow',
  verbs: [
    verb('list', 'List permissions', () => import('./permission/list.js')),
    verb('show', 'Show what a permission allows', () => import('./permission/show.js')),
  ],
};

const auth: Noun = {
  name: 'auth',
  summary: "Explain Kapacitor's authentication and authorization",
  verbs: [
    verb('test', "Simulate Kapacitor's authentication of a request", () => import('./auth/test.js')),
    verb('can-i', 'Check whether a user may call an endpoint', () => import('./auth/can-i.js')),
    verb('who-can', 'List the users who may call an endpoint', () => import('./auth/who-can.js')),
    verb('matrix', 'Show which users may call which endpoints, and why', () => import('./auth/matrix.js')),
  ],
};

const config: Noun = {
  name: 'config',
  summary: 'Check and fix a kapacitor.conf and its environment',
  verbs: [
    verb('check', 'Validate a kapacitor.conf', () => import('./config/check.js')),
    verb('show', 'Show the settings that Kapacitor will use', () => import('./config/show.js')),
    verb('fix', 'Fix a kapacitor.conf', () => import('./config/fix.js')),
    verb('init', 'Generate [http] and [auth] with new secrets', () => import('./config/init.js')),
  ],
};

const profile: Noun = {
  name: 'profile',
  summary: 'Manage saved connections',
  verbs: [
    verb('list', 'List profiles', () => import('./profile/list.js')),
    verb('show', 'Show a connection and where each value comes from', () => import('./profile/show.js')),
    verb('add', 'Save a connection as a profile', () => import('./profile/add.js')),
    verb('use', 'Set the default profile', () => import('./profile/use.js')),
    verb('remove', 'Remove profiles', () => import('./profile/remove.js')),
  ],
};

/** The nouns in the groups of the help text. */
export const nouns: readonly { title: string; nouns: readonly Noun[] }[] = [
  { title: 'Users and roles', nouns: [user, role, permission] },
  { title: 'Kapacitor', nouns: [auth, config] },
  { title: 'Connections', nouns: [profile] },
];

/** Commands of one word. */
export const words: readonly VerbEntry[] = [
  verb('doctor', 'Diagnose the live cluster and suggest fixes', () => import('./doctor.js')),
  verb('explain', 'Explain a finding of config check or doctor', () => import('./explain.js')),
  verb('plan', 'Preview the changes that the state files need', () => import('./plan.js')),
  verb('apply', 'Apply state files to the cluster', () => import('./apply.js')),
  verb('export', 'Export users and roles to a state file', () => import('./export.js')),
  verb('bootstrap', 'Create the first admin user', () => import('./bootstrap.js')),
  verb('sandbox', 'Run a local test cluster with Kapacitor', () => import('./sandbox.js')),
  verb('completion', 'Print a completion script for bash, zsh or fish', () => import('./completion.js')),
  {
    ...verb('__complete', 'complete a command line', async () =>
      (await import('../completion/complete-command.js')).completeVerb({
        nouns: nouns.flatMap((group) => group.nouns),
        words,
      }),
    ),
    hidden: true,
  },
];
