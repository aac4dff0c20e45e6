import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Session } from '../../.tools/docs/session.mjs';
import { ensureBuilt, root } from '../../.tools/fresh.mjs';

const page = readFileSync(path.join(root, 'docs/json.md'), 'utf8');
const named = new Set([...page.matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) => code.match(/\w+/g) ?? []));

/** What has names of people in place of keys, or the facts of a step, which differ from kind to kind. */
const open = ['permissions', 'query', 'trace'];

const conf = `[http]
  auth-enabled = true
[auth]
  enabled = true
  meta-addr = " 127.0.0.1:8091"
`;
const scenario = `kapacitor: { config: "[http]\\n  auth-enabled = true\\n" }
steps: [{ request: { path: /kapacitor/v1/ping }, expect: { verdict: allow } }]
`;
const state = `users: { telegraf: { password: { generate: true } } }
roles: { kapacitor: { permissions: { '': [KapacitorAPI] }, members: [johndoe] }, empty: {} }
`;

const commands = [
  'kapadmin user create johndoe --password-file pw -o json',
  'kapadmin role create operators --grant KapacitorAPI --user johndoe -o json',
  'kapadmin user list -o json',
  'kapadmin user show johndoe -o json',
  'kapadmin role show operators -o json',
  'kapadmin permission show KapacitorAPI -o json',
  'kapadmin auth can-i johndoe GET /kapacitor/v1/tasks -o json',
  'kapadmin auth test --user johndoe --password-file pw --url http://localhost:9092/kapacitor/v1/tasks --live -o json',
  'kapadmin auth test --scenario scenario.yaml -o json',
  'kapadmin config check kapacitor.conf -o json',
  'kapadmin config show kapacitor.conf -o json',
  'kapadmin profile show -o json',
  'kapadmin doctor -o json',
  'kapadmin plan state.yaml --check-passwords -o json',
  'kapadmin plan --lint state.yaml -o json',
  'kapadmin plan state.yaml --access -o json',
  'kapadmin apply state.yaml --passwords-out passwords -o json',
  'kapadmin user rotate johndoe --passwords-out passwords -o json',
  'kapadmin user show nobody -o json',
];

function keysOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...(open.includes(key) ? [] : keysOf(inner))]);
}

describe('docs/json.md', () => {
  it('names every key that the commands print', async () => {
    await ensureBuilt();
    const session = new Session();
    try {
      session.writeFile('pw', 'Pa5sw0Rd');
      session.writeFile('kapacitor.conf', conf);
      session.writeFile('scenario.yaml', scenario);
      session.writeFile('state.yaml', state);
      await session.startSandbox('kapadmin sandbox --bcrypt-cost 4');
      const ran = await session.run(commands.map((command) => `${command} -q`));
      for (const [index, { output }] of ran.entries()) {
        const json: unknown = JSON.parse(output.slice(output.search(/^[[{]/m)));
        const missing = new Set(keysOf(json).filter((key) => !named.has(key)));
        expect([...missing], commands[index]).toEqual([]);
      }
    } finally {
      await session.end();
    }
  }, 60_000);
});
