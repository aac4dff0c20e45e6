import { expect } from 'vitest';
import { registerSecret } from '../harness.js';
import { cluster } from './cluster.js';
import type { CommandFlow } from './flow.js';

const own = registerSecret('meta-Pa55word');
const conf = '<folder>/kapacitor.conf';
const args = ['kapacitor.conf', '--no-env'];

/** Credentials are asked for and not checked. */
const files = {
  'kapacitor.conf': `data_dir = "/var/lib/kapacitor"
[http]
  auth-enabled = true
[auth]
  enabled = false # soon
  bcrypt-cost = 10
  meta-addr = "127.0.0.1:8091"
  meta-username = "admin"
  meta-password = "${own}"
`,
};

const noauth = expect.objectContaining({ id: 'noauth', severity: 'error' });

export const flows: readonly CommandFlow[] = [
  {
    words: 'config check',
    args,
    files,
    code: 1,
    says: [
      /^error: Any user name with any password is an administrator \(noauth\) +noauth$/m,
      /^ {2}at <folder>\/kapacitor\.conf:3:3$/m,
      /^ +enabled = true$/m,
      /^\d errors, /m,
    ],
    json: expect.objectContaining({ command: 'config check', findings: expect.arrayContaining([noauth]) }),
  },
  {
    words: 'config show',
    args,
    files,
    says: [
      /^KEY +VALUE +FROM$/m,
      /^enabled +false +<folder>\/kapacitor\.conf:5:3$/m,
      /^cache-expiration +0s +default$/m,
      /^meta-password +\*\*\* /m,
    ],
    json: expect.objectContaining({
      file: conf,
      starts: true,
      settings: expect.arrayContaining([expect.objectContaining({ key: 'meta-password', value: '***' })]),
    }),
  },
  {
    words: 'config fix',
    args,
    files,
    says: [/^ {2}enabled = true # soon$/m, /^ {2}meta-password = "\*\*\*"$/m],
    notes: ['  noauth: Any user name with any password is an administrator', 'secrets are shown as ***'],
    json: expect.objectContaining({
      file: conf,
      changed: true,
      written: false,
      fixed: expect.arrayContaining([noauth]),
    }),
  },
  {
    words: 'config fix',
    args: [...args, '--write', '--yes'],
    files,
    says: [/^-? *enabled = false # soon$/m, /^\+? *enabled = true # soon$/m, 'Changed <folder>/kapacitor.conf.'],
    notes: ['  noauth: Any user name with any password is an administrator'],
    json: expect.objectContaining({ file: conf, changed: true, written: true }),
    terminal: {
      args: [...args, '--write'],
      types: async (terminal) => {
        await terminal.sees('Type "yes" to change');
        terminal.type('yes');
        terminal.press('enter');
      },
    },
  },
  {
    words: 'config init',
    args: ['--meta-url', 'http://127.0.0.1:8091'],
    says: [
      /^\[http\]$/m,
      /^ {2}shared-secret = "[\w-]{40,}"/m,
      /^ {2}meta-addr = "127\.0\.0\.1:<port>"/m,
      /kapadmin user create kapacitor --password-env KAPACITOR_AUTH_META_PASSWORD --grant CreateUserAndRole/,
    ],
    json: expect.objectContaining({
      config: expect.stringContaining('  meta-addr = "127.0.0.1:<port>"'),
      environment: expect.arrayContaining(['KAPACITOR_AUTH_ENABLED=true']),
    }),
  },
  {
    words: 'explain',
    args: ['noauth'],
    says: [
      /^Any user name with any password is an administrator \(noauth\) +noauth$/m,
      /^ +fix: +Set `enabled = true`/m,
    ],
    json: expect.objectContaining({ id: 'noauth', foundBy: 'config check' }),
  },
  {
    words: 'doctor',
    args: [],
    sandbox: cluster,
    code: 1,
    says: [
      /^✔ anonymous access is disabled$/m,
      /^error: A Kapacitor permission is granted only through a role, which Kapacitor does not see +right-only-by-role$/m,
      /^ {2}To grant it directly: kapadmin user grant janedoe KapacitorAPI$/m,
    ],
    json: expect.objectContaining({
      command: 'doctor',
      findings: expect.arrayContaining([expect.objectContaining({ id: 'right-only-by-role' })]),
    }),
  },
];
