import { describe, expect, it } from 'vitest';
import { openQuestions, openSentence } from '../../src/model/open-questions.js';

describe('the open questions', () => {
  it.each(Object.entries(openQuestions))('%s: a question, an assumption, what depends on it and a probe', (id, one) => {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(one.question).toMatch(/\?$/);
    for (const text of [one.assumption, one.probe]) expect(text).toMatch(/^[A-Z].*\.$/);
    expect(one.dependents.length).toBeGreaterThan(0);
  });

  it('have a sentence for each state of knowledge', () => {
    const said = (['yes', 'no', 'unknown'] as const).map((known) => openSentence('roles-in-user-records', known));
    expect(new Set(said).size).toBe(3);
    expect(said[2]).toContain('is unknown');
  });
});
