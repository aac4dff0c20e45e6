/** Which users and columns are shown. */
export const choice = String.raw`
/** What is searched in, by user. */
const haystacks = data.users.map(([shown, , roleSet, name]) =>
  [shown, name || '', ...data.roleSets[roleSet]].join('\n').toLowerCase(),
);

const choice = { text: '', group: '', method: '', show: '', folded: new Set() };

/** Places of the users that are shown. @type {number[]} */
let users = [];

/** @type {Column[]} */
let shown = [];

/** @returns {Column[]} */
function chosenColumns() {
  const { group, method, folded } = choice;
  const left = columns.filter(
    (one) => (group === '' || one.group === group) && (method === '' || one.method === method),
  );
  /** @type {Column[]} */
  const list = [];
  for (const name of groups) {
    const members = left.filter((one) => one.group === name);
    if (members.length > 1 && folded.has(name)) {
      const title = name === writes ? name : '/' + name;
      list.push(column({ title, path: title, group: name, members, first: true }));
    } else members.forEach((member, i) => list.push(Object.assign(member, { first: i === 0 })));
  }
  return list.map((one, i) => Object.assign(one, { first: one.first && i > 0 }));
}

/** Rows that have a cell of the chosen kind among the columns. @returns {boolean[] | undefined} */
function chosenRows() {
  const { show } = choice;
  if (show === '') return undefined;
  const asked = shown.flatMap((one) => (one.members.length === 0 ? [one] : one.members));
  return data.rows.map((_, row) =>
    asked.some((one) => {
      const state = stateAt(row, one);
      return state === show || (show === 'no' && state !== 'yes');
    }),
  );
}

function choose() {
  shown = chosenColumns();
  const rows = chosenRows();
  const text = choice.text.trim().toLowerCase();
  users = [];
  for (let i = 0; i < haystacks.length; i++) {
    if (text !== '' && !haystacks[i].includes(text)) continue;
    if (rows === undefined || rows[data.users[i][1]]) users.push(i);
  }
}
`;
