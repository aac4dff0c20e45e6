import { verb, type Noun } from '../../cli/command.js';

export const role: Noun = {
  name: 'role',
  summary: 'roles of InfluxDB Enterprise, their permissions and members',
  verbs: [
    verb('create', 'make roles, with permissions and members in one go', () => import('./create.js')),
    verb('show', 'show the permissions and members of a role', () => import('./show.js')),
    verb('list', 'list roles', () => import('./list.js')),
    verb('delete', 'delete roles', () => import('./delete.js')),
    verb('rename', 'rename a role, its permissions and members kept', () => import('./rename.js')),
    verb('grant', 'give permissions to a role', () => import('./grant.js')),
    verb('revoke', 'take permissions from a role', () => import('./revoke.js')),
    verb('add-users', 'make users members of a role', () => import('./add-users.js')),
    verb('remove-users', 'end the membership of users', () => import('./remove-users.js')),
  ],
};
