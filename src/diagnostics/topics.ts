import { type EngineRule, engineRules } from '../auth-engine/rules/registry.js';
import { type OpenQuestion, openQuestions } from '../model/open-questions.js';
import { type FindingRule, rules } from './finding.js';

/** What `explain` explains: a finding, a rule of Kapacitor, or an open question. */
export type Topic =
  | ({ readonly kind: 'finding' } & FindingRule)
  | ({ readonly kind: 'rule' } & EngineRule)
  | ({ readonly kind: 'open-question'; readonly id: string } & OpenQuestion);

const list: readonly Topic[] = [
  ...[...rules.values()].map((rule) => ({ kind: 'finding', ...rule }) as const),
  ...[...engineRules.values()].map((rule) => ({ kind: 'rule', ...rule }) as const),
  ...Object.entries<OpenQuestion>(openQuestions).map(([id, one]) => ({ kind: 'open-question', id, ...one }) as const),
];

/** All topics by id. */
export const topics: ReadonlyMap<string, Topic> = new Map(list.map((topic) => [topic.id, topic]));

/** A topic in one line. */
export function topicTitle(topic: Topic): string {
  return topic.kind === 'open-question' ? topic.question : topic.title;
}
