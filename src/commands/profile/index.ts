import { verb, type Noun } from '../../cli/command.js';

export const profile: Noun = {
  name: 'profile',
  summary: 'named connections to clusters',
  verbs: [
    verb('list', 'list the profiles', () => import('./list.js')),
    verb('show', 'show a connection, each value with its origin', () => import('./show.js')),
    verb('add', 'save the connection flags as a profile', () => import('./add.js')),
    verb('use', 'make a profile the default', () => import('./use.js')),
    verb('remove', 'remove profiles', () => import('./remove.js')),
  ],
};
