import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { hasPrograms } from '../programs.js';
import { kapadmin, withSandbox } from './harness.js';
import { makeTools } from './harness/shell.js';

const ready = hasPrograms('completion in bash', ['bash']);

/** What bash offers for these words, in a folder with these files. */
async function offered(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const tools = await makeTools();
  const cwd = makeFolder(files);
  const script = `source <(kapadmin completion bash)
COMP_WORDS=(kapadmin "$@"); COMP_CWORD=$#
_kapadmin
for each in "\${COMPREPLY[@]}"; do printf '%s\\n' "$each"; done`;
  const surroundings = { ...env, HOME: makeFolder(), PATH: tools.path };
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', script, 'bash', ...words], {
    cwd,
    env: surroundings,
    encoding: 'utf8',
  });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('attack L3: completion in bash', () => {
  it.runIf(ready)('offers a user * as itself, not the files of the folder', async () => {
    await withSandbox({}, async ({ env }) => {
      for (const name of ['*', '[a-z]', 'with blank', '$(touch PWNED)']) {
        const { code } = await kapadmin(['user', 'create', name, '--password-stdin'], { env, stdin: 'a pass word' });
        expect(code).toBe(0);
      }
      const files = { "'a';touch PWNED;'b'": '', x: '' };
      const found = await offered(['user', 'show', ''], env, files);
      expect(found).toContain("'*'");
      expect(found).toContain("'with blank'");
      expect(found.join('\n')).not.toContain("'a'");
      expect(found).not.toContain('x');
    });
  });

  it.runIf(ready)('offers formats after --output=, and endpoint paths', async () => {
    const env = { KAPADMIN_META_URL: 'http://127.0.0.1:9' };
    expect(await offered(['user', 'list', '--output', '='], env)).toEqual(['table', 'json', 'yaml', 'csv', 'name']);
    expect(await offered(['user', 'list', '--output', '=', 'js'], env)).toEqual(['json']);
    expect(await offered(['auth', 'can-i', 'joe', 'GET', '/kapacitor/v1/tas'], env)).toContain('/kapacitor/v1/tasks');
  });
});
