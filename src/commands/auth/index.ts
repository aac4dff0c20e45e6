import { verb, type Noun } from '../verb.js';

export const auth: Noun = {
  name: 'auth',
  summary: "Kapacitor's authentication: what it answers, and why",
  verbs: [
    verb('test', 'run the whole authentication of a request, live or from a scenario', () => import('./test.js')),
  ],
};
