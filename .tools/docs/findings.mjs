// The table of findings as docs/findings.md.

function section({ id, severity, title, cause, evidence, consequence, fix }) {
  const rows = [
    ['Severity', severity],
    ['Cause', cause],
    ['Evidence', evidence],
    ['Consequence', consequence],
    ['Mend', fix],
  ];
  return [`### ${id}`, `${title}.`, rows.map(([name, text]) => `- **${name}**: ${text}`).join('\n')].join('\n\n');
}

/** @param {ReadonlyMap<string, { id: string, foundBy: string }>} rules id -> what is known of it */
export function renderFindings(rules) {
  const all = [...rules.values()];
  const commands = [...new Set(all.map(({ foundBy }) => foundBy))];
  const parts = commands.flatMap((command) => [
    `## Found by ${command}`,
    ...all.filter(({ foundBy }) => foundBy === command).map(section),
  ]);
  const intro =
    'Made by `npm run docs` from the table that the commands use. `kapadmin explain ID` prints one of them. The severity is the usual one; a single finding may bear another.';
  return `${['# Findings', intro, ...parts].join('\n\n')}\n`;
}
