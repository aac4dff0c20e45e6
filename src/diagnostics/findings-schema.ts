import { objectSchema as object } from '../model/json-schema.js';
import { severities } from './rules/rule.js';
import { rules } from './rules/registry.js';

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const line = { type: 'integer', minimum: 1 };

const place = {
  description: 'What the finding is about.',
  oneOf: [
    { type: 'null' },
    object({ in: { const: 'file' }, file: text, line, column: line }, ['line', 'column']),
    object({ in: { const: 'environment' }, variable: text, from: text, line }, ['line']),
    object({ in: { const: 'node' }, url: text }),
    object({ in: { const: 'cluster' }, user: text, role: text }, ['user', 'role']),
  ],
};

const fixes = {
  type: 'array',
  description: 'Fixes: a command to run or a setting to change, and what it does.',
  items: object({ what: text, command: text, setting: text }, ['command', 'setting']),
};

const id = { description: 'The ID for kapadmin explain.', enum: [...rules.keys()] };

const finding = object({
  id,
  severity: { enum: severities },
  title: { ...text, description: 'What is wrong.' },
  fact: { ...text, description: 'The evidence for this finding.' },
  place,
  consequence: { ...text, description: 'The consequence for the user.' },
  fixes,
});

/** The output of `doctor` besides findings. */
const ofDoctor = {
  ok: { type: 'array', description: 'Checks that passed, one line each.', items: text },
  unknown: {
    type: 'array',
    description: 'What could not be determined, and why.',
    items: object({ what: text, why: text }),
  },
};

/** JSON Schema of what `config check -o json` and `doctor -o json` print; `ok` and `unknown` are of doctor alone. */
export function findingsSchema(): object {
  const properties = {
    command: { enum: ['config check', 'doctor'] },
    subjects: { type: 'array', description: 'What was checked.', items: object({ what: text, name: text }) },
    findings: { type: 'array', description: 'Most severe first.', items: finding },
    counts: object({ error: count, warning: count, info: count }),
    unchecked: {
      type: 'array',
      description: 'What could not be checked, and why.',
      items: object({ id, why: text }),
    },
    next: fixes,
    ...ofDoctor,
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Findings of kapadmin config check and doctor',
    ...object(properties, Object.keys(ofDoctor)),
  };
}
