import { verb, type Noun } from '../../cli/command.js';

export const user: Noun = {
  name: 'user',
  summary: 'users of InfluxDB Enterprise, their passwords and permissions',
  verbs: [
    verb('create', 'make a user, with permissions and roles in one go', () => import('./create.js')),
    verb('show', 'show what a user may do, and where each permission comes from', () => import('./show.js')),
    verb('list', 'list users, all or those with a permission or role', () => import('./list.js')),
    verb('delete', 'delete users', () => import('./delete.js')),
    verb('passwd', 'change the password of a user', () => import('./passwd.js')),
    verb('rotate', 'give users new passwords, one after the other', () => import('./rotate.js')),
    verb('grant', 'give permissions to a user', () => import('./grant.js')),
    verb('revoke', 'take permissions from a user', () => import('./revoke.js')),
  ],
};
