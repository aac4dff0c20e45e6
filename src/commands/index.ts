import { type Noun, verb, type VerbEntry } from '../cli/command.js';

export const user: Noun = {
  name: 'user',
  summary: 'users of InfluxDB Enterprise, their passwords and permissions',
  verbs: [
    verb('create', 'make a user, with permissions and roles in one go', () => import('./user/create.js')),
    verb('show', 'show what a user may do, and where each permission comes from', () => import('./user/show.js')),
    verb('list', 'list users, all or those with a permission or role', () => import('./user/list.js')),
    verb('delete', 'delete users', () => import('./user/delete.js')),
    verb('passwd', 'change the password of a user', () => import('./user/passwd.js')),
    verb('rotate', 'give users new passwords, one after the other', () => import('./user/rotate.js')),
    verb('grant', 'give permissions to a user', () => import('./user/grant.js')),
    verb('revoke', 'take permissions from a user', () => import('./user/revoke.js')),
  ],
};

export const role: Noun = {
  name: 'role',
  summary: 'roles of InfluxDB Enterprise, their permissions and members',
  verbs: [
    verb('create', 'make roles, with permissions and members in one go', () => import('./role/create.js')),
    verb('show', 'show the permissions and members of a role', () => import('./role/show.js')),
    verb('list', 'list roles', () => import('./role/list.js')),
    verb('delete', 'delete roles', () => import('./role/delete.js')),
    verb('rename', 'rename a role, its permissions and members kept', () => import('./role/rename.js')),
    verb('grant', 'give permissions to a role', () => import('./role/grant.js')),
    verb('revoke', 'take permissions from a role', () => import('./role/revoke.js')),
    verb('add-users', 'make users members of a role', () => import('./role/add-users.js')),
    verb('remove-users', 'end the membership of users', () => import('./role/remove-users.js')),
  ],
};

export const permission: Noun = {
  name: 'permission',
  summary: 'the permission names, each with what it allows on InfluxDB and on Kapacitor',
  verbs: [
    verb('list', 'list the permission names', () => import('./permission/list.js')),
    verb('show', 'show what a permission allows', () => import('./permission/show.js')),
  ],
};

export const auth: Noun = {
  name: 'auth',
  summary: "Kapacitor's authentication: what it answers, and why",
  verbs: [
    verb('test', 'run the whole authentication of a request, live or from a scenario', () => import('./auth/test.js')),
    verb('can-i', 'tell whether a known user may do a thing', () => import('./auth/can-i.js')),
    verb('who-can', 'list the users who may do a thing', () => import('./auth/who-can.js')),
    verb('matrix', 'users by endpoints: who may do what, and why', () => import('./auth/matrix.js')),
  ],
};

export const config: Noun = {
  name: 'config',
  summary: 'a kapacitor.conf and its environment: what the daemon will really use, and what is wrong with it',
  verbs: [
    verb('check', 'tell what is wrong with a kapacitor.conf and its environment', () => import('./config/check.js')),
    verb('show', 'show the values that the daemon will use, each with its origin', () => import('./config/show.js')),
    verb('fix', 'print or write a kapacitor.conf with all mended that can be mended', () => import('./config/fix.js')),
    verb('init', 'print the sections [http] and [auth] anew, with a fresh secret', () => import('./config/init.js')),
  ],
};

export const profile: Noun = {
  name: 'profile',
  summary: 'named connections to clusters',
  verbs: [
    verb('list', 'list the profiles', () => import('./profile/list.js')),
    verb('show', 'show a connection, each value with its origin', () => import('./profile/show.js')),
    verb('add', 'save the connection flags as a profile', () => import('./profile/add.js')),
    verb('use', 'make a profile the default', () => import('./profile/use.js')),
    verb('remove', 'remove profiles', () => import('./profile/remove.js')),
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
  verb('doctor', 'find what is wrong with the live cluster, and how it is mended', () => import('./doctor.js')),
  verb('explain', 'explain a finding of config check or doctor', () => import('./explain.js')),
  verb('plan', 'show what would change for the cluster to be as files want it', () => import('./plan.js')),
  verb('apply', 'make the cluster as files want it', () => import('./apply.js')),
  verb('export', 'print the cluster as a file of wanted state', () => import('./export.js')),
  verb('bootstrap', 'make the first admin user of a cluster that has none', () => import('./bootstrap.js')),
  verb('sandbox', 'a meta node, or a cluster of them, and a Kapacitor on this machine', () => import('./sandbox.js')),
  verb('completion', 'completion for bash, zsh or fish', () => import('./completion.js')),
  {
    ...verb('__complete', 'the words that may stand at the cursor', async () =>
      (await import('../completion/complete-command.js')).completeVerb({
        nouns: nouns.flatMap((group) => group.nouns),
        words,
      }),
    ),
    hidden: true,
  },
];
