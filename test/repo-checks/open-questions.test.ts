import { describe, expect, it } from 'vitest';
import { commandSections, topLevelCommands } from '../../src/commands/index.js';
import { topics } from '../../src/diagnostics/topics.js';
import { openQuestions, type OpenQuestionId, openSentence } from '../../src/model/open-questions.js';
import { statedAnswers, subjects } from './open-questions.js';
import {
  allConstantAnswers,
  allStatements,
  constantAnswers,
  type Statement,
  statementsOfPage,
  statementsOfSource,
} from './statements.js';

/** What may be stated although a question is open, by the beginning of the sentence, with the reason. */
const allowed: readonly (readonly [reason: string, starts: readonly string[]])[] = [
  [
    'the record that was read shows it',
    [
      'role … grants it, but the user record does not include it',
      'A Kapacitor permission is granted only through a role, which Kapacitor does not see',
      'A role gives the permission to its member, and the user record of the member lacks it.',
      'This cluster does not copy role permissions into user records',
      'Measured: the user record of a member lacks what its role grants',
      'A member of a role whose user record lacks a permission of that role;',
      'the server stores a hash of … that is not bcrypt',
    ],
  ],
  [
    'it says what proves an answer',
    [
      "A record that lacks a permission of the user's role proves that the cluster does not copy them;",
      'only [doctor --probe](doctor.md#do-user-records-include-role-permissions) proves that it does.',
    ],
  ],
  [
    'it was measured: Kapacitor never requests roles',
    [
      'Grant KapacitorAPI and KapacitorConfigAPI of a role directly to its members, because Kapacitor reads only',
      '<button type="button" id="clear">',
      '- Grant to the user, not only to a role: Kapacitor reads only the user record.',
      '- materializeRoles: grant KapacitorAPI and KapacitorConfigAPI of a role directly to all its members',
    ],
  ],
  [
    'it is about the sandbox or a scenario',
    [
      'copy role permissions into the user records of members',
      'An LDAP user: the user record has no hash, and /authorized checks the password.',
      'not seen means that Kapacitor does not count the permission: it reads only the user record, and the sandbox',
    ],
  ],
];
const starts = allowed.flatMap(([, texts]) => texts);

function faultsOf(statements: readonly Statement[]): readonly string[] {
  return statements.flatMap(({ file, text }) =>
    starts.some((start) => text.startsWith(start))
      ? []
      : statedAnswers(text).map((id) => `${file} states the answer to ${id}: ${text.slice(0, 200)}`),
  );
}

const ids = Object.keys(openQuestions) as OpenQuestionId[];

describe('no text states the answer to an open question', () => {
  const statements = allStatements();

  it('in src, the README, the changelog or docs', () => {
    expect(statements.length).toBeGreaterThan(3000);
    expect(faultsOf(statements)).toEqual([]);
  });

  it('unless a reason allows it, and the text is there', () => {
    const stated = statements.filter(({ text }) => statedAnswers(text).length > 0);
    expect(starts.filter((start) => !stated.some(({ text }) => text.startsWith(start)))).toEqual([]);
  });

  it('by an answer that is written down', () => {
    expect(allConstantAnswers()).toEqual([]);
  });
});

describe('a text that states the answer', () => {
  const planted = ids.flatMap((id) => subjects[id].planted.map((text) => [id, text] as const));

  it.each(planted)('to %s is found in a source: %s', (id, text) => {
    const half = text.indexOf(' ', text.length / 2);
    const [begin, end] = [text.slice(0, half), text.slice(half)];
    const sources = [
      `notes.info(${JSON.stringify(text)});`,
      `const texts = { unknown: 'Nothing. ${text}', other: 1 };`,
      `error(${JSON.stringify(begin)} +\n  ${JSON.stringify(end)});`,
      `info(\`\${name} is a user. ${text}\`);`,
      `info(\`There is one. \${flag ? ${JSON.stringify(text)} : ''}\`);`,
      `byAnswer('${id}', fact, { yes: '', no: '', unknown: ${JSON.stringify(text)} });`,
    ];
    for (const source of sources) {
      expect(faultsOf(statementsOfSource('src/x.ts', source)).join(), source).toContain(`the answer to ${id}:`);
    }
  });

  it.each(planted)('to %s is found on a page: %s', (id, text) => {
    const pages = [
      `# Page\n\nSome text. ${text} More text.`,
      `- a\n- ${text}\n- b`,
      `| a | b |\n| - | - |\n| x | ${text} |`,
    ];
    for (const page of pages) {
      expect(faultsOf(statementsOfPage('docs/x.md', page)).join(), page).toContain(`the answer to ${id}:`);
    }
  });

  it.each(ids.flatMap((id) => subjects[id].honest.map((text) => [id, text] as const)))(
    'to %s is not: %s',
    (_, text) => {
      expect(statedAnswers(text)).toEqual([]);
    },
  );

  it('is not found where the answer is known', () => {
    const [id, text] = planted[0]!;
    const source = `byAnswer('${id}', fact, { yes: ${JSON.stringify(text)}, no: 'x y', unknown: 'It is unknown.' });`;
    expect(faultsOf(statementsOfSource('src/x.ts', source))).toEqual([]);
    expect(faultsOf(statementsOfSource('src/x.ts', source.replace('byAnswer', 'other')))).toHaveLength(1);
  });

  it('is found where the answer is written down', () => {
    const calls = ["roleSentence('no')", "openSentence('roles-in-user-records', 'yes')", "byAnswer(id, 'no', texts)"];
    for (const call of calls) expect(constantAnswers('src/x.ts', `info(${call});`)).toEqual([`src/x.ts: ${call}`]);
    for (const call of ["roleSentence('unknown')", 'roleSentence(fact)', "byAnswer('x', fact, texts)"]) {
      expect(constantAnswers('src/x.ts', `info(${call});`)).toEqual([]);
    }
  });

  it('is what openSentence says for yes and no alone', () => {
    const id = 'roles-in-user-records';
    const stated = (['yes', 'no', 'unknown'] as const).filter((known) =>
      statementsOfPage('x', openSentence(id, known)).some(({ text }) => statedAnswers(text).includes(id)),
    );
    expect(stated).toEqual(['yes', 'no']);
  });
});

describe('what depends on an open question', () => {
  const commands = [
    ...topLevelCommands.map(({ name }) => name),
    ...commandSections.flatMap(({ groups }) =>
      groups.flatMap(({ name, commands: own }) => [name, ...own.map((one) => `${name} ${one.name}`)]),
    ),
  ];

  it.each(ids)('is named as it is called: %s', (id) => {
    const words = openQuestions[id].dependents.flatMap((text) =>
      [...text.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word.replace(/^kapadmin /, '').replace(/ --[\w-]+$/, '')),
    );
    const unknown = words.filter(
      (word) => !word.startsWith('--') && !commands.includes(word) && !topics.has(word) && !word.startsWith('acl '),
    );
    expect(unknown).toEqual([]);
  });
});
