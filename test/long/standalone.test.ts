import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../folder.js';
import { buildStandalone, standaloneAt, type Standalone } from '../standalone.js';

const home = makeFolder();
const password = 'Pa5sw0Rd-alone';
let kapadmin: Standalone;
let stop = async (): Promise<void> => {};
let env: Record<string, string>;
let kapacitor: string;

beforeAll(async () => {
  kapadmin = standaloneAt(buildStandalone(), home);
  const { line, child } = await kapadmin.start(['sandbox', '--nodes', '3', '--port', '0', '-o', 'json']);
  const at = JSON.parse(line) as { meta: string[]; kapacitor: string };
  kapacitor = at.kapacitor;
  env = {
    KAPADMIN_META_URL: at.meta.join(','),
    KAPADMIN_META_USERNAME: 'admin',
    KAPADMIN_META_PASSWORD: 'changeit',
  };
  stop = async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
});

afterAll(() => stop());

describe('the executable that needs no Node', () => {
  it('makes a user that Kapacitor accepts', () => {
    kapadmin.run(['user', 'create', 'johndoe', '--password-stdin'], { env, input: password });
    kapadmin.run(['user', 'grant', 'johndoe', 'KapacitorAPI'], { env });
    expect(kapadmin.run(['user', 'list', '-o', 'name'], { env })).toContain('johndoe\n');
    const url = `${kapacitor}/kapacitor/v1/tasks`;
    const words = ['auth', 'test', '--user', 'johndoe', '--password-stdin', '--url', url, '--no-env'];
    expect(kapadmin.run(words, { env, input: password })).toMatch(/allowed\n$/);
  });

  it('plans, applies and exports, YAML and JSON', () => {
    const file = path.join(home, 'state.yaml');
    writeFileSync(file, 'users:\n  janedoe: { password: { env: JANES }, permissions: { "": [ReadData] } }\n');
    kapadmin.run(['apply', file, '--yes'], { env: { ...env, JANES: 'her-password' } });
    expect(kapadmin.run(['plan', file], { env })).toMatch(/no changes|nothing/i);
    expect(kapadmin.run(['export'], { env })).toContain('janedoe:');
    expect(JSON.parse(kapadmin.run(['user', 'show', 'janedoe', '-o', 'json'], { env }))).toMatchObject({
      name: 'janedoe',
    });
  });

  it('writes the page of the matrix', () => {
    expect(kapadmin.run(['auth', 'matrix', '-o', 'html'], { env })).toContain('</html>');
  });
});
