import { expect } from 'vitest';
import { registerSecret } from '../harness.js';
import type { CommandFlow } from './flow.js';

const password = registerSecret('meta-Pa55word');
const file = '.config/kapadmin/config.yaml';
const files = {
  [file]: `default: prod
profiles:
  prod: { url: "https://meta1:8091", username: admin, password: ${password} }
  lab: { url: "http://127.0.0.1:8091" }
`,
};
const saved = `<folder>/${file}`;

export const flows: readonly CommandFlow[] = [
  {
    words: 'profile list',
    args: [],
    files,
    says: [/^NAME +DEFAULT +URL +USERNAME +SECRET\n/m, /^prod +yes +https:\/\/meta1:8091 +admin +password$/m, /^lab /m],
    json: [
      { name: 'prod', default: true, urls: ['https://meta1:8091'], username: 'admin', secret: 'password' },
      { name: 'lab', default: false, urls: ['http://127.0.0.1:<port>'], username: null, secret: null },
    ],
  },
  {
    words: 'profile show',
    args: ['prod'],
    files,
    says: [/^Profile prod\n/m, /^url +https:\/\/meta1:8091 +\S/m, /^password +\*\*\* /m],
    json: {
      profile: 'prod',
      settings: expect.arrayContaining([expect.objectContaining({ name: 'password', value: '***' })]),
    },
  },
  {
    words: 'profile add',
    args: ['lab', '--meta-url', 'http://127.0.0.1:8091', '--meta-username', 'admin', '--meta-password-stdin'],
    stdin: `${password}\n`,
    says: [`Added profile lab in ${saved}; it is the default.`],
    json: { name: 'lab', file: saved, default: true, replaced: false, dryRun: false, works: false },
    terminal: { args: ['lab', '--meta-url', 'http://127.0.0.1:8091'] },
  },
  {
    words: 'profile use',
    args: ['lab'],
    files,
    says: [`Profile lab is now the default in ${saved}.`],
    json: { default: 'lab', file: saved, dryRun: false },
  },
  {
    words: 'profile remove',
    args: ['lab', '--yes'],
    files,
    says: [`Removed profile lab from ${saved}.`],
    json: { removed: ['lab'], file: saved, default: 'prod', dryRun: false },
    terminal: {
      args: ['lab'],
      types: async (terminal) => {
        await terminal.sees('Type the name lab');
        terminal.type('lab');
        terminal.press('enter');
      },
    },
  },
];
