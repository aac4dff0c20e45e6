import { expect } from 'vitest';
import { registerSecret } from '../harness.js';
import { cluster, johnsPassword } from './cluster.js';
import type { CommandFlow } from './flow.js';

const password = registerSecret('Pa5sw0Rd-of-johndoe');
const own = registerSecret('changeit-at-once');

const scenario = `name: tasks-yes-configuration-no
kapacitor:
  config: |
    [http]
      auth-enabled = true
    [auth]
      enabled = true
      bcrypt-cost = 4
      meta-addr = "127.0.0.1:8091"
      meta-username = "admin"
      meta-password = "${own}"
meta:
  credentials: { username: admin, password: ${own} }
  users:
    - { name: johndoe, password: ${password}, permissions: { "": [KapacitorAPI] } }
steps:
  - at: 0s
    request: { method: GET, path: /kapacitor/v1/tasks, username: johndoe, password: ${password} }
    expect: { verdict: allow }
  - at: 1s
    request: { method: GET, path: /kapacitor/v1/config, username: johndoe, password: ${password} }
    expect: { verdict: allow }
`;

/** In place of a cluster: there is no connection in these flows. */
const files = {
  'state.yaml': `users:
  johndoe: { permissions: { "": [KapacitorAPI] } }
  janedoe: {}
roles:
  kapacitor: { permissions: { "": [KapacitorAPI] }, members: [janedoe] }
`,
};
const roleNote = 'A role gives more to janedoe, which counts only if the cluster copies role permissions';

export const flows: readonly CommandFlow[] = [
  {
    words: 'auth test',
    args: ['--scenario', 'access.yaml'],
    files: { 'access.yaml': scenario },
    code: 1,
    says: ['tasks-yes-configuration-no', 'expected  "allow"', 'actual    "deny"', '0 passed, 1 failed'],
    json: {
      scenarios: [
        expect.objectContaining({
          name: 'tasks-yes-configuration-no',
          starts: true,
          passed: false,
          steps: [
            expect.objectContaining({ at: '0s', verdict: 'allow', status: null, mismatches: [] }),
            expect.objectContaining({ at: '1s', verdict: 'deny', status: 403 }),
          ],
        }),
      ],
    },
  },
  {
    words: 'auth test',
    args: ['--url', 'http://localhost:9092/kapacitor/v1/config', '--user', 'johndoe', '--password-stdin'],
    stdin: `${johnsPassword}\n`,
    sandbox: cluster,
    code: 1,
    says: [
      /^ ✔ credentials +Basic, user johndoe$/m,
      /^ · user cache +miss/m,
      /^ ✔ meta lookup +GET .*\/user\?name=johndoe as admin: 200 in <n> ms$/m,
      /^ ✔ password +bcrypt/m,
      /^ ✖ privileges +read on /m,
      /^403 \{"error":"user johndoe does not have \\"read\\" privilege for API endpoint \\"\/kapacitor\/v1\/config\\""/m,
      /kapadmin user grant johndoe KapacitorConfigAPI$/m,
    ],
    json: expect.objectContaining({
      requests: [
        expect.objectContaining({
          request: { method: 'GET', path: '/kapacitor/v1/config' },
          user: 'johndoe',
          verdict: 'deny',
          status: 403,
          known: true,
        }),
      ],
    }),
    terminal: {
      args: ['--url', 'http://localhost:9092/kapacitor/v1/config', '--user', 'johndoe'],
      types: async (terminal) => {
        await terminal.sees('Password of johndoe');
        terminal.type(johnsPassword);
        terminal.press('enter');
      },
    },
  },
  {
    words: 'auth can-i',
    args: ['johndoe', 'DELETE', '/kapacitor/v1/tasks/cpu'],
    sandbox: cluster,
    says: [/^yes$/m],
    json: [
      expect.objectContaining({ user: 'johndoe', method: 'DELETE', path: '/kapacitor/v1/tasks/cpu', allowed: true }),
    ],
  },
  {
    words: 'auth can-i',
    args: ['janedoe', 'GET', '/kapacitor/v1/tasks', '--state', 'state.yaml'],
    files,
    code: 1,
    says: [/^no$/m],
    notes: [roleNote],
    json: [expect.objectContaining({ user: 'janedoe', allowed: false })],
  },
  {
    words: 'auth who-can',
    args: ['GET', '/kapacitor/v1/tasks', '--state', 'state.yaml'],
    files,
    says: [/^johndoe +GET +\/kapacitor\/v1\/tasks +yes\b/m],
    notes: [roleNote],
    json: [expect.objectContaining({ user: 'johndoe', allowed: true })],
  },
  {
    words: 'auth matrix',
    args: ['--state', 'state.yaml'],
    files,
    says: [/^janedoe +role +/m, /^johndoe +✔ +/m, 'Whether this cluster copies role permissions into it is unknown'],
    json: expect.objectContaining({ cluster: ['state.yaml'], rolesInUserRecords: 'unknown' }),
  },
  {
    words: 'auth who-can',
    args: ['GET', '/kapacitor/v1/tasks'],
    sandbox: cluster,
    says: [/^admin +GET +\/kapacitor\/v1\/tasks +yes\b/m, /^johndoe /m],
    json: [
      expect.objectContaining({ user: 'admin', allowed: true }),
      expect.objectContaining({ user: 'johndoe', allowed: true }),
    ],
  },
  {
    words: 'auth matrix',
    args: ['--user', 'jane*', '--user', 'john*'],
    sandbox: cluster,
    says: [
      /^USER +\/tasks \+\d+ +/m,
      /^janedoe +role +/m,
      /^johndoe +✔ +/m,
      'role: denied; a role would allow it, but the user record does not include the permission.',
    ],
    json: expect.objectContaining({
      version: 1,
      databases: ['telegraf'],
      users: [
        { name: 'janedoe', roles: ['kapacitor'], row: 0 },
        { name: 'johndoe', roles: [], row: 1 },
      ],
    }),
  },
];
