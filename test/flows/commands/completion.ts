import { expect } from 'vitest';
import type { CommandFlow } from './flow.js';

export const flows: readonly CommandFlow[] = [
  {
    words: 'completion',
    args: ['bash'],
    says: [/^# kapadmin completion for bash$/m, /^complete .*-F _kapadmin kapadmin$/m],
    json: {
      shell: 'bash',
      script: expect.stringContaining('_kapadmin()'),
      install: expect.stringContaining('kapadmin completion bash'),
    },
  },
];
