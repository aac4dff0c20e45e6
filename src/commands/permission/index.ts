import { verb, type Noun } from '../../cli/command.js';

export const permission: Noun = {
  name: 'permission',
  summary: 'the permission names, each with what it allows on InfluxDB and on Kapacitor',
  verbs: [
    verb('list', 'list the permission names', () => import('./list.js')),
    verb('show', 'show what a permission allows', () => import('./show.js')),
  ],
};
