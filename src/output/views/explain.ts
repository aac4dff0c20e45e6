import type { EngineRule } from '../../auth-engine/rules/registry.js';
import type { Grade } from '../../auth-engine/rules/rule.js';
import { type Topic, topicTitle } from '../../diagnostics/topics.js';
import type { FindingRule } from '../../diagnostics/finding.js';
import { differences } from '../../model/kapacitor-versions.js';
import { type OpenQuestion, openQuestions } from '../../model/open-questions.js';
import { listView } from '../table.js';
import type { View } from '../view.js';
import { type Lines, type Style, styled, type Text } from '../style.js';

/** Without Markdown marks: a shell would run the text between backquotes. */
function plain(text: string): string {
  return text.replace(/`(kapadmin [^`]*)`/g, '$1').replaceAll('**', '');
}

const labelWidth = 13;

function line(label: string, text: string): string {
  return `  ${label.padEnd(labelWidth)}${plain(text)}`;
}

/** A label, and the items of a list below each other. */
function linesOf(label: string, items: readonly string[]): readonly string[] {
  return items.map((item, i) => line(i === 0 ? `${label}:` : '', item));
}

function findingLines({ severity, foundBy, ...rule }: FindingRule): readonly string[] {
  return [
    line('severity:', `${severity}, found by kapadmin ${foundBy}`),
    line('cause:', rule.cause),
    line('evidence:', rule.evidence),
    line('consequence:', rule.consequence),
    line('fix:', rule.fix),
  ];
}

const grades: Readonly<Record<Grade, string>> = {
  measured: 'measured on a running Kapacitor',
  documented: 'documented: read in the source, not measured',
  assumed: 'assumed: kapadmin cannot see what decides',
};

function sourceLines(sources: EngineRule['sources']): readonly string[] {
  const places = sources.map((source) => `${source.project} ${source.version}, ${source.file}`);
  return [...new Set(places)].map((place) => {
    const functions = sources.flatMap((source, i) => (places[i] === place ? (source.function ?? []) : []));
    return functions.length === 0 ? place : `${place}: ${functions.join(', ')}`;
  });
}

function ruleLines(rule: EngineRule): readonly string[] {
  const versions = (rule.differences ?? []).map((id) => {
    const { since, before, after } = differences[id];
    return `since ${since}: ${after} Before: ${before}`;
  });
  return [
    line('rule:', rule.text),
    line('grade:', grades[rule.grade]),
    ...linesOf('source', sourceLines(rule.sources)),
    ...(rule.vectors.length === 0 ? [] : [line('measured by:', `${rule.vectors.join(', ')} (test/vectors)`)]),
    ...linesOf('versions', versions),
    ...linesOf(
      'open',
      (rule.open ?? []).map((id) => `${openQuestions[id].question} (kapadmin explain ${id})`),
    ),
  ];
}

function questionLines({ assumption, dependents, probe }: OpenQuestion): readonly string[] {
  return [
    line('answer:', 'not known'),
    line('assumed:', assumption),
    ...linesOf('affects', dependents),
    line('to find out:', probe),
    line('', 'Or run `kapadmin doctor --conformance FILE`.'),
  ];
}

function bodyOf(topic: Topic): readonly string[] {
  switch (topic.kind) {
    case 'finding':
      return findingLines(topic);
    case 'rule':
      return ruleLines(topic);
    case 'open-question':
      return questionLines(topic);
  }
}

function topicText(topic: Topic, { color }: Style): Lines {
  const head: Text = color.bold(styled`${topicTitle(topic)}  ${color.dim(topic.id)}`);
  return [head, ...bodyOf(topic)];
}

function levelOf(topic: Topic): string {
  switch (topic.kind) {
    case 'finding':
      return topic.severity;
    case 'rule':
      return topic.grade;
    case 'open-question':
      return 'open';
  }
}

/** The command that names a topic. */
function originOf(topic: Topic): string {
  if (topic.kind === 'finding') return topic.foundBy;
  return topic.kind === 'rule' ? 'auth test' : 'meta API';
}

/** All topics. */
export const topicsView = listView<Topic>({
  columns: ['id', 'level', 'from', 'what'],
  row: (topic) => [topic.id, levelOf(topic), originOf(topic), topicTitle(topic)],
  prose: ['what'],
  json: (topic) => topic,
  name: ({ id }) => id,
});

/** One topic. */
export const topicView: View<Topic> = {
  text: topicText,
  json: (topic) => topic,
  extra: {
    csv: (topic) => topicsView.extra?.csv?.([topic]) ?? { columns: [], rows: [] },
    name: ({ id }) => [id],
  },
};
