import type { FindingRule } from '../../diagnostics/rules/rule.js';
import { listView } from '../table.js';
import { type Lines, type Style, styled } from '../style.js';
import type { View } from '../view.js';

/** Without the backquotes around commands: a shell would run what stands between them. */
function plain(text: string): string {
  return text.replace(/`(kapadmin [^`]*)`/g, '$1');
}

function ruleText({ id, severity, title, foundBy, ...rule }: FindingRule, { color }: Style): Lines {
  return [
    color.bold(styled`${title}  ${color.dim(id)}`),
    `  severity:    ${severity}, found by kapadmin ${foundBy}`,
    `  cause:       ${plain(rule.cause)}`,
    `  evidence:    ${plain(rule.evidence)}`,
    `  consequence: ${plain(rule.consequence)}`,
    `  fix:         ${plain(rule.fix)}`,
  ];
}

/** All kinds of findings. */
export const rulesView = listView<FindingRule>({
  columns: ['id', 'severity', 'found by', 'what'],
  row: ({ id, severity, foundBy, title }) => [id, severity, foundBy, title],
  prose: ['what'],
  json: (rule) => rule,
  name: ({ id }) => id,
});

/** One kind of finding. */
export const ruleView: View<FindingRule> = {
  text: ruleText,
  json: (rule) => rule,
  extra: {
    csv: (rule) => rulesView.extra?.csv?.([rule]) ?? { columns: [], rows: [] },
    name: ({ id }) => [id],
  },
};
