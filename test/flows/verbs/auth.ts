import { expect } from 'vitest';
import { registerSecret } from '../harness.js';
import type { VerbFlow } from './flow.js';

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

export const flows: readonly VerbFlow[] = [
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
];
