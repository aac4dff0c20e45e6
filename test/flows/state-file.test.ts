import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compareSync } from 'bcryptjs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../.tools/fresh.mjs';
import { createMetaClient } from '../../src/meta/client.js';
import { Secret } from '../../src/model/secret.js';
import { makeFolder } from '../folder.js';
import { kapadmin, registerSecret, withSandbox, type SandboxUse } from './harness.js';
import { makeTools, runScript } from './harness/shell.js';

interface Pipeline {
  readonly jobs: Readonly<Record<'review' | 'apply', { readonly steps: readonly { readonly run?: string }[] }>>;
}

const page = readFileSync(path.join(root, 'docs/how-to/users-in-files.md'), 'utf8');

/** The fenced parts of the page in one language. */
function fences(language: string): string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(([, text = '']) => text);
}

const [example = '', pipelineText = ''] = fences('yaml');
const { jobs } = parse(pipelineText) as Pipeline;
const johnsPassword = registerSecret('Pa5sw0Rd-of-the-pipeline');

async function job(name: 'review' | 'apply', home: string, sandbox: SandboxUse): Promise<string> {
  const options = { tools: await makeTools(), home, env: { ...sandbox.env, JOHN_PASSWORD: johnsPassword } };
  let output = '';
  for (const run of jobs[name].steps.flatMap((step) => step.run ?? [])) {
    const { code, stdout, stderr } = await runScript(run, options);
    output += stdout;
    expect(code, `${run}\n${stdout}${stderr}`).toBe(0);
  }
  return output;
}

describe('docs/how-to/users-in-files.md', () => {
  it('leads from a first export to a reviewed change in CI', async () => {
    await withSandbox({}, async (sandbox) => {
      const { env, urls } = sandbox;
      const credentials = {
        kind: 'basic',
        username: 'admin',
        password: new Secret(env['KAPADMIN_META_PASSWORD'] ?? ''),
      } as const;
      const client = createMetaClient({ nodes: urls, credentials });
      await client.writeUser({ action: 'create', user: { name: 'janedoe', password: new Secret(johnsPassword) } });
      const home = makeFolder({ 'access/.keep': '' });

      const exported = await kapadmin(['export', '--out', 'access/cluster.yaml'], { home, env });
      expect(exported).toEqual({ code: 0, stdout: '', stderr: '' });
      const first = await kapadmin(['plan', 'access/'], { home, env });
      expect(first).toMatchObject({ code: 0, stdout: 'No changes. The cluster matches the state files.\n' });

      writeFileSync(path.join(home, 'access/johndoe.yaml'), example);

      await job('review', home, sandbox);
      expect(await client.users({ name: 'johndoe' })).toEqual([]);
      const applied = await job('apply', home, sandbox);
      expect(applied).toContain('created user johndoe');
      const [john] = await client.users({ name: 'johndoe' });
      await client.close();
      expect(compareSync(johnsPassword, john?.hash?.reveal() ?? '')).toBe(true);
      expect(statSync(path.join(home, 'before.yaml')).mode & 0o777).toBe(0o600);
    });
  });

  it('names only flags and rules that there are', async () => {
    const lines = fences('sh')
      .join('\n')
      .split('\n')
      .filter((line) => line.startsWith('kapadmin plan') || line.startsWith('kapadmin apply'));
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines) {
      const words = line.replace(/ #.*/, '').split(' ').slice(1);
      const { code, stderr } = await kapadmin([...words, '--meta-url', 'http://127.0.0.1:9', '--retries', '0']);
      expect(stderr, line).not.toMatch(/unknown option|unknown command|missing required/);
      expect([2, 3]).toContain(code);
    }
  });
});
