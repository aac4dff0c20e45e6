import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { files } from '../../src/files/files.js';
import { loadScenario } from '../../src/scenario/load.js';
import { makeFolder } from '../folder.js';

const yaml = `
name: from-yaml
start: 2026-05-06T00:00:00Z
kapacitor:
  configFile: kapacitor.conf
  env: { KAPACITOR_AUTH_META_ADDR: "a:1" }
meta:
  users:
    - { name: johndoe, password: "1234", permissions: { "": [KapacitorAPI] } }
steps:
  - at: 5m
    request: { path: /kapacitor/v1/tasks, username: johndoe, password: "1234" }
    expect: { verdict: allow, status: null }
`;

const context = { files, cwd: '/nonexistent' };

async function fault(text: string | Uint8Array): Promise<{ message: string; hint: string | undefined }> {
  const folder = makeFolder({ 'x.yaml': text });
  return loadScenario(path.join(folder, 'x.yaml'), context).then(
    () => expect.fail('it loads'),
    (error: { message: string; hint: string | undefined; kind: string }) => {
      expect(error.kind).toBe('usage');
      return error;
    },
  );
}

describe('loadScenario', () => {
  it('reads YAML, and the configuration from a file beside it', async () => {
    const folder = makeFolder({ 'sub/x.yaml': yaml, 'sub/kapacitor.conf': '[http]\n' });
    const scenario = await loadScenario(path.join(folder, 'sub/x.yaml'), context);
    expect(scenario).toMatchObject({ name: 'from-yaml', config: Buffer.from('[http]\n'), start: Date.UTC(2026, 4, 6) });
    expect(scenario.steps[0]).toMatchObject({ now: 300e9, expect: { verdict: 'allow', status: null } });
  });

  it('reads JSON, and names it by its file where it has no name', async () => {
    const folder = makeFolder({ 'my.scenario.json': ' {"steps":[]}', 'empty.json': '{"name":"other"}' });
    expect((await loadScenario(path.join(folder, 'my.scenario.json'), context)).name).toBe('my.scenario');
    expect((await loadScenario(path.join(folder, 'empty.json'), context)).name).toBe('other');
  });

  it('names file and place of a fault', async () => {
    const { message, hint } = await fault('steps:\n  - { reqest: {} }\n');
    expect(message).toMatch(/^\/.*x\.yaml: steps\[0\]: unknown key "reqest"$/);
    expect(hint).toBe('Known: at, meta, request, expect');
  });

  it.each([
    ['{"steps": [', 'x.yaml: not valid JSON: Unexpected end of JSON input'],
    ['{"steps": [],\n  }', 'x.yaml: not valid JSON: Expected double-quoted property name at line 2, column 3'],
    ['a: [b', 'x.yaml'],
    ['a: 1\na: 2\n', 'unique'],
    ['just text', 'the scenario: expected an object'],
    ['', 'the scenario: expected an object'],
    ['- 1\n', 'the scenario: expected an object'],
  ])('refuses %j', async (text, message) => {
    expect((await fault(text)).message).toContain(message);
  });

  it('shows no control characters of a file', async () => {
    expect((await fault('{"\u001b[31m": \u0007}')).message).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('takes a relative name from the working directory', async () => {
    const cwd = makeFolder({ 'a/x.yaml': 'kapacitor: { configFile: k.conf }\n', 'a/k.conf': '[auth]\n' });
    expect((await loadScenario('a/x.yaml', { files, cwd })).config).toEqual(Buffer.from('[auth]\n'));
  });

  it('names a file that does not exist, and a configuration that is not', async () => {
    const folder = makeFolder({ 'x.yaml': 'kapacitor: { configFile: none.conf }\n' });
    await expect(loadScenario(path.join(folder, 'none.yaml'), context)).rejects.toThrow(/none\.yaml: no such file/);
    await expect(loadScenario(path.join(folder, 'x.yaml'), context)).rejects.toThrow(/none\.conf: no such file/);
  });
});
