import type { Template } from '../../report/findings/config/template.js';
import { FileText } from '../styled.js';
import type { View } from '../view.js';

function commented(lines: readonly string[]): string {
  return lines.map((line) => `#   ${line}\n`).join('');
}

/** A new kapacitor.conf; what is no part of it stands there as comments. */
export const templateView: View<Template> = {
  text: ({ config, environment, commands }) =>
    new FileText(
      [
        config,
        `# In place of these lines, or over them, as variables (/etc/default/kapacitor):\n${commented(environment)}`,
        `# Kapacitor's own account on the cluster, with the one right that reading users takes:\n${commented(commands.map(String))}`,
      ].join('\n'),
    ),
  json: (template) => template,
};
