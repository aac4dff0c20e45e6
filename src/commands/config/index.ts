import { verb, type Noun } from '../../cli/command.js';

export const config: Noun = {
  name: 'config',
  summary: 'a kapacitor.conf and its environment: what the daemon will really use, and what is wrong with it',
  verbs: [
    verb('check', 'tell what is wrong with a kapacitor.conf and its environment', () => import('./check.js')),
    verb('show', 'show the values that the daemon will use, each with its origin', () => import('./show.js')),
    verb('fix', 'print or write a kapacitor.conf with all mended that can be mended', () => import('./fix.js')),
    verb('init', 'print the sections [http] and [auth] anew, with a fresh secret', () => import('./init.js')),
  ],
};
