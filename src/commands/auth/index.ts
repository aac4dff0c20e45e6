import { verb, type Noun } from '../../cli/command.js';

export const auth: Noun = {
  name: 'auth',
  summary: "Kapacitor's authentication: what it answers, and why",
  verbs: [
    verb('test', 'run the whole authentication of a request, live or from a scenario', () => import('./test.js')),
    verb('can-i', 'tell whether a known user may do a thing', () => import('./can-i.js')),
    verb('who-can', 'list the users who may do a thing', () => import('./who-can.js')),
    verb('matrix', 'users by endpoints: who may do what, and why', () => import('./matrix.js')),
  ],
};
