import type { FindingsOutput } from '../../../src/output/views/findings.js';
import { commandLine } from '../../../src/model/shell-command.js';
import { finding, type FindingsReport, getRule } from '../../../src/diagnostics/finding.js';

const hostile = '/srv/a "b"\n<c>&\u202e\u0007/kapacitor.conf';

export const output: FindingsOutput = { failOn: 'warning', base: '/srv/x', anchor: '/srv/x/conf/anchor.conf' };

/** One finding in each place, of each severity, in a file with an ugly name. */
export const report: FindingsReport = {
  foundBy: 'config check',
  subjects: [
    { what: 'kapacitor.conf', name: hostile },
    { what: 'environment', name: '/srv/kapacitor.env' },
  ],
  findings: [
    finding('noauth', 'Both are off.', {
      place: { in: 'file', file: hostile, line: 3, column: 5 },
      fixes: [{ what: 'Set below [auth]', setting: 'enabled = true' }],
    }),
    finding('misspelt-key', '"a" & <b>', { place: { in: 'file', file: '/srv/x/kapacitor.conf', line: 1 } }),
    finding('misspelt-key', 'second', { place: { in: 'file', file: '/srv/x/kapacitor.conf' } }),
    finding('misspelt-variable', 'KAPACITOR_X', {
      place: { in: 'environment', variable: 'KAPACITOR_X', from: '/srv/kapacitor.env', line: 7 },
      fixes: [{ what: 'To see it', command: commandLine('kapadmin config show') }],
    }),
    finding('meta-no-account', 'nobody', { place: { in: 'node', url: 'http://meta1:8091' } }),
    finding('variable-empty', 'empty', {
      place: { in: 'environment', variable: 'KAPACITOR_Y', from: 'the shell' },
    }),
  ],
  checked: ['noauth', 'misspelt-key', 'misspelt-variable', 'meta-no-account', 'variable-empty', 'cache-off'].map((id) =>
    getRule(id as 'noauth'),
  ),
  unchecked: [{ rule: getRule('cache-long'), why: 'nothing is known' }],
  next: [{ what: 'To fix all', command: commandLine('kapadmin config fix') }],
};
