import type { ConformanceAnswer, ConformanceReport } from '../../diagnostics/doctor/conformance.js';
import { joinBlocks } from '../style.js';
import { renderTable } from '../table.js';
import type { View } from '../view.js';

function answerText({ facts, unknown }: ConformanceAnswer): string {
  const known = Object.entries(facts).map(([name, value]) => {
    const words = name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return `${words}: ${typeof value === 'boolean' ? (value ? 'yes' : 'no') : value}`;
  });
  return [...known, ...(unknown === undefined ? [] : [`unknown (${unknown})`])].join(', ');
}

/** The facts by question. */
export const conformanceView: View<ConformanceReport> = {
  text: ({ product, nodes, ldap, answers }, style) => {
    const users = ldap === null ? 'unknown' : ldap ? 'LDAP' : 'local';
    const rows = Object.entries(answers).map(([id, answer]) => [id, answerText(answer)]);
    return joinBlocks([
      [`version ${product ?? 'unknown'}, nodes ${nodes}, users ${users}`],
      renderTable({ columns: ['question', 'answer'], rows, prose: ['answer'] }, style),
    ]);
  },
  json: (report) => report,
};
