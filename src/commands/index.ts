import { auth } from './auth/index.js';
import { config } from './config/index.js';
import { permission } from './permission/index.js';
import { profile } from './profile/index.js';
import { role } from './role/index.js';
import { user } from './user/index.js';
import { verb, type Noun, type VerbEntry } from '../cli/command.js';

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
      (await import('../completion/verb.js')).completeVerb({ nouns: nouns.flatMap((group) => group.nouns), words }),
    ),
    hidden: true,
  },
];
