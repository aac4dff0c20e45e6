import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../../.tools/fresh.mjs';
import { Secret } from '../../../src/model/secret.js';
import type { Seed } from '../../../src/sandbox/seed-and-data-files.js';
import { conf } from '../../cli/login.js';
import { makeFolder } from '../../folder.js';
import { registerSecret, withSandbox } from '../harness.js';
import type { ScriptOptions, Tools } from '../harness/shell.js';

const scenario = /```yaml\n([^]*?)```/.exec(readFileSync(path.join(root, 'docs/scenarios.md'), 'utf8'))?.[1] ?? '';
const wanted = `users:
  operator: { password: { generate: true }, permissions: { '': [KapacitorAPI] } }
`;

const seed: Seed = {
  users: ['johndoe', 'janedoe', '-dash', 'telegraf'].map((name) => ({
    name,
    password: new Secret(registerSecret(`the password of ${name}`)),
    ldap: false,
    permissions: new Map(name === 'johndoe' ? [['', ['KapacitorAPI']]] : []),
  })),
  roles: [{ name: 'operators', permissions: new Map([['', ['KapacitorAPI']]]), users: ['janedoe', '-dash'] }],
};

/** A home with the files that the recipes name, beside a sandbox of its own; `without` is a user that is not there. */
export async function beside(
  tools: Tools,
  use: (options: ScriptOptions) => Promise<void>,
  without?: string,
): Promise<void> {
  const users = seed.users.filter(({ name }) => name !== without);
  await withSandbox({ seed: { ...seed, users } }, async ({ env }) => {
    const home = makeFolder({
      'johndoe.password': 'the password of johndoe\n',
      'kapacitor.conf': conf('http://meta:8091').replace(/ +meta-password.*\n/, ''),
      'ci.env': 'KAPACITOR_HTTP_SHARED_SECRET="a stand-in for the secret"\nKAPACITOR_AUTH_META_PASSWORD="a stand-in"\n',
      'rules/operators.yaml': scenario,
      'access/users.yaml': wanted,
    });
    await use({ tools, home, env });
  });
}
