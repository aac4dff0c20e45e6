/** Reads the data; columns, and the cells of a row. */
export const model = String.raw`
/** @type {ReportData} */
const data = JSON.parse(byId('data').textContent || '{}');

/** @param {string} id @returns {HTMLElement} */
function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error('no element ' + id);
  return element;
}

/**
 * @typedef {object} Column
 * @property {string} title
 * @property {string} method
 * @property {string} path
 * @property {string} group
 * @property {number} endpoint its place, or -1
 * @property {number} database its place, or -1
 * @property {boolean} others writes to all databases without a column
 * @property {Column[]} members of a folded group
 * @property {boolean} first of its group
 */

const writes = 'write to database';

/** @param {Partial<Column>} facts @returns {Column} */
function column(facts) {
  const none = { title: '', method: '', path: '', group: '', endpoint: -1, database: -1 };
  return Object.assign(none, { others: false, members: [], first: false }, facts);
}

/** @type {Column[]} */
const columns = data.endpoints.map(({ method, path, group }, i) =>
  column({ title: method + ' ' + path, method, path, group, endpoint: i }),
);
data.databases.forEach(([name], i) => {
  columns.push(column({ title: 'write ' + name, method: 'POST', path: name, group: writes, database: i }));
});
if (data.otherDatabases) {
  const path = data.databases.length === 0 ? 'any database' : 'any other';
  columns.push(column({ title: 'write ' + path, method: 'POST', path, group: writes, others: true }));
}

const groups = [...new Set(columns.map(({ group }) => group))];

/** Databases of a row that are not as the others. @type {Map<number, Map<number, number>>} */
const ownWrites = new Map();

/** @param {number} row @param {number} database @returns {number} */
function writeReason(row, database) {
  const { own, others } = data.rows[row];
  if (own.length === 0) return others;
  let map = ownWrites.get(row);
  if (map === undefined) {
    map = new Map();
    for (let i = 0; i < own.length; i += 2) map.set(own[i], own[i + 1]);
    ownWrites.set(row, map);
  }
  const found = map.get(database);
  return found === undefined ? others : found;
}

/** The place of a cell's reason. @param {number} row @param {Column} column */
function reasonAt(row, column) {
  if (column.endpoint >= 0) return data.vectors[data.rows[row].vector][column.endpoint];
  return column.others ? data.rows[row].others : writeReason(row, column.database);
}

/** @param {number} row @param {Column} column */
function stateAt(row, column) {
  return data.reasons[reasonAt(row, column)].state;
}

const marks = { yes: '✓', no: '×', role: 'R', out: '!' };
const words = {
  yes: 'allowed',
  no: 'denied',
  role: 'denied: only by a role',
  out: 'cannot log in',
  some: 'partly allowed',
};

/**
 * A cell: its state, its mark, and how many of a folded group are allowed.
 * @param {number} row @param {Column} column
 * @returns {{ state: keyof typeof words, mark: string }}
 */
function cellAt(row, column) {
  if (column.members.length === 0) {
    const state = stateAt(row, column);
    return { state, mark: marks[state] };
  }
  const states = column.members.map((member) => stateAt(row, member));
  const allowed = states.filter((state) => state === 'yes').length;
  if (allowed === states.length) return { state: 'yes', mark: marks.yes };
  const part = allowed + '/' + states.length;
  if (allowed > 0) return { state: 'some', mark: part.length > 4 ? String(allowed) : part };
  const state = states.includes('role') ? 'role' : states[0];
  return { state, mark: marks[state] };
}
`;
