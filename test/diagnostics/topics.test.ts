import { describe, expect, it } from 'vitest';
import { engineRules } from '../../src/auth-engine/rules/registry.js';
import { rules } from '../../src/diagnostics/finding.js';
import { topics } from '../../src/diagnostics/topics.js';
import { openQuestions } from '../../src/model/open-questions.js';

describe('the topics', () => {
  it('are all findings, rules and open questions, each by an id of its own', () => {
    const ids = [...rules.keys(), ...engineRules.keys(), ...Object.keys(openQuestions)];
    expect([...topics.keys()]).toEqual(ids);
  });
});
