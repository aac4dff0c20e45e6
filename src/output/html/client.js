// The script of the HTML matrix. It runs in the browser; names come to it as data and leave it as text.

/** @import { CellCommand, ReportData } from './data.js' */

const data = /** @type {ReportData} */ (JSON.parse(byId('data').textContent || '{}'));

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

/** Databases of a row that differ from the others. @type {Map<number, Map<number, number>>} */
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
  role: 'denied: only through a role',
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

/** The text that the search looks at, by user. */
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

const grid = byId('grid');
const head = make('div', 'head');
const body = make('div', 'body');
head.setAttribute('role', 'row');
head.setAttribute('aria-rowindex', '1');
body.setAttribute('role', 'rowgroup');
const size = { row: 0, cell: 0, name: 0 };

/** Where the keyboard is: places in users and shown. */
const active = { row: 0, column: 0, on: false };

/** @param {string} tag @param {string} className @param {string} [text] */
function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

/** The id of the active cell while it is drawn. */
let described = '';

/** The lengths that the style sheet gives. */
function measure() {
  const style = getComputedStyle(grid);
  size.row = parseFloat(style.getPropertyValue('--row'));
  size.cell = parseFloat(style.getPropertyValue('--cell'));
  size.name = parseFloat(style.getPropertyValue('--name'));
}

/** A line of cells after the name: pad stands for those left of the seen ones. */
class Line {
  /** @param {string} id @param {HTMLElement} element @param {string} role */
  constructor(id, element, role) {
    this.id = id;
    this.element = element;
    this.role = role;
    this.name = make('div', 'name');
    this.pad = make('div', 'pad');
    /** @type {HTMLElement[]} */
    this.cells = [];
    element.append(this.name, this.pad);
  }

  /** @param {number} count @param {number} first */
  fit(count, first) {
    while (this.cells.length < count) {
      const cell = make('div', 'cell');
      cell.id = this.id + '-' + this.cells.length;
      cell.setAttribute('role', this.role);
      this.cells.push(cell);
      this.element.append(cell);
    }
    this.cells.forEach((cell, i) => (cell.hidden = i >= count));
    this.pad.style.width = first * size.cell + 'px';
  }
}

const headLine = new Line('h', head, 'columnheader');
headLine.name.setAttribute('role', 'columnheader');
headLine.name.setAttribute('aria-colindex', '1');
const count = make('output', '');
count.id = 'count';
headLine.name.append(count);
/** @type {Line[]} */
const lines = [];

/** @param {number} count */
function fitLines(count) {
  while (lines.length < count) {
    const element = make('div', 'row');
    element.setAttribute('role', 'row');
    const line = new Line('r' + lines.length, element, 'gridcell');
    line.name.setAttribute('role', 'rowheader');
    line.name.setAttribute('aria-colindex', '1');
    line.name.append(document.createElement('bdi'), make('small', ''));
    lines.push(line);
    body.append(element);
  }
  lines.forEach((line, i) => (line.element.hidden = i >= count));
}

/** @param {HTMLElement} cell @param {number} at */
function drawHead(cell, at) {
  const one = shown[at];
  const folded = one.members.length > 0;
  cell.className = 'cell' + (one.first ? ' first' : '') + (folded ? ' folded' : '');
  if (active.on && at === active.column) cell.classList.add('on');
  cell.setAttribute('aria-colindex', String(at + 2));
  if (cell.title === one.title && cell.childElementCount > 0) return;
  cell.title = one.title;
  const label = make('span', 'label');
  const method = one.endpoint >= 0 ? one.method : one.members.length > 0 ? '' : 'write';
  label.append(make('b', 'method ' + method.toLowerCase(), method), make('bdi', '', one.path));
  cell.replaceChildren(label);
}

/** @param {HTMLElement} cell @param {number} at @param {number} user @param {number} position */
function drawCell(cell, at, user, position) {
  const one = shown[at];
  const { state, mark } = cellAt(data.users[user][1], one);
  const on = active.on && at === active.column && position === active.row;
  cell.className = 'cell ' + state + (one.first ? ' first' : '') + (on ? ' active' : '');
  if (cell.textContent !== mark) cell.textContent = mark;
  cell.setAttribute('aria-colindex', String(at + 2));
  cell.setAttribute('aria-label', words[state]);
  if (on) described = cell.id;
}

/** @param {Line} line @param {number} position */
function drawUser(line, position) {
  const user = users[position];
  const [name, , roleSet] = data.users[user];
  const [shownName, roles] = line.name.children;
  line.element.style.top = position * size.row + 'px';
  line.element.setAttribute('aria-rowindex', String(position + 2));
  line.element.className = 'row' + (active.on && position === active.row ? ' on' : '') + (position % 2 ? ' odd' : '');
  if (shownName.textContent !== name) shownName.textContent = name;
  roles.textContent = data.roleSets[roleSet].join(', ');
  line.name.title = name;
  return user;
}

/** Draws what is seen now. */
function draw() {
  const { scrollTop, scrollLeft, clientHeight, clientWidth } = grid;
  const seen = clientHeight - head.offsetHeight;
  const firstRow = Math.max(0, Math.floor(scrollTop / size.row) - 3);
  const rowCount = Math.max(0, Math.min(users.length, Math.ceil((scrollTop + seen) / size.row) + 3) - firstRow);
  const first = Math.max(0, Math.floor(scrollLeft / size.cell) - 2);
  const last = Math.min(shown.length, Math.ceil((scrollLeft + clientWidth - size.name) / size.cell) + 2);
  const width = Math.max(0, last - first);
  described = '';
  headLine.fit(width, first);
  for (let i = 0; i < width; i++) drawHead(headLine.cells[i], first + i);
  fitLines(rowCount);
  for (let i = 0; i < rowCount; i++) {
    const line = lines[i];
    line.fit(width, first);
    const user = drawUser(line, firstRow + i);
    for (let c = 0; c < width; c++) drawCell(line.cells[c], first + c, user, firstRow + i);
  }
  if (described === '') grid.removeAttribute('aria-activedescendant');
  else if (grid.getAttribute('aria-activedescendant') !== described)
    grid.setAttribute('aria-activedescendant', described);
}

/** After users or columns changed. */
function layOut() {
  measure();
  const width = size.name + shown.length * size.cell + 'px';
  head.style.width = width;
  body.style.width = width;
  body.style.height = users.length * size.row + 'px';
  grid.setAttribute('aria-rowcount', String(users.length + 1));
  grid.setAttribute('aria-colcount', String(shown.length + 1));
  active.row = Math.min(active.row, Math.max(0, users.length - 1));
  active.column = Math.min(active.column, Math.max(0, shown.length - 1));
  draw();
}

let drawing = 0;
grid.addEventListener('scroll', () => {
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(draw);
});
grid.append(head, body);

const panel = byId('why');
const userMark = '\ue000';
const databaseMark = '\ue001';

/** A command for this user and column, empty where no shell quoting serves all shells. @param {number} user @param {Column} one @param {CellCommand} command */
function commandFor(user, one, command) {
  const [shownName, , , name = shownName, word = name] = data.users[user];
  const form = one.others && command.everywhere !== undefined ? command.everywhere : command;
  if (word === null) return '';
  const text = (name.startsWith('-') ? form.dashed : form.plain).split(userMark).join(word);
  if (one.database < 0) return text;
  const [database, quoted = database] = data.databases[one.database];
  return quoted === null ? '' : text.split(databaseMark).join(quoted);
}

/** @param {HTMLElement} list @param {string} term @param {string} text */
function fact(list, term, text) {
  if (text === '') return;
  const value = make('dd', '');
  value.append(make('bdi', '', text));
  list.append(make('dt', '', term), value);
}

/** What a column asks for. @param {Column} one */
function neededBy(one) {
  if (one.endpoint < 0) return 'write on the endpoint and on the database';
  const { needed, resource } = data.endpoints[one.endpoint];
  return needed === 'none' ? 'nothing' : needed + ' on ' + resource;
}

/** @param {string} command */
function commandBox(command) {
  const box = make('div', 'command');
  const code = make('code', '', command);
  const copy = make('button', '', 'Copy');
  copy.setAttribute('type', 'button');
  copy.addEventListener('click', () => {
    const selection = getSelection();
    if (selection !== null) selection.selectAllChildren(code);
    const copied = navigator.clipboard === undefined ? undefined : navigator.clipboard.writeText(command);
    if (copied !== undefined) copied.then(() => (copy.textContent = 'Copied')).catch(() => undefined);
  });
  box.append(code, copy);
  return box;
}

/** @param {number} user @param {Column} one */
function cellParts(user, one) {
  const row = data.users[user][1];
  const reason = data.reasons[reasonAt(row, one)];
  const facts = make('dl', '');
  fact(facts, 'Needs', neededBy(one));
  fact(facts, 'Decided by', reason.decided);
  fact(facts, 'Granted by', reason.permissions.join(', '));
  fact(facts, 'Only through role', reason.roles.join(', '));
  fact(facts, 'Own permissions', data.rows[row].rights || 'none that Kapacitor reads');
  const parts = [make('p', 'reason', reason.text), facts];
  if (reason.commands.length > 0) {
    parts.push(make('h3', '', reason.state === 'out' ? 'Fix: let the user log in' : 'Fix: allow it'));
    for (const command of reason.commands) {
      const line = commandFor(user, one, command);
      parts.push(
        line === '' ? make('p', '', 'No command: a name cannot be quoted for every shell.') : commandBox(line),
      );
    }
  }
  return parts;
}

/** @param {string} className @param {() => void} act @param {...Node} parts */
function button(className, act, ...parts) {
  const element = make('button', className);
  element.setAttribute('type', 'button');
  element.addEventListener('click', act);
  element.append(...parts);
  return element;
}

/** The endpoints of a folded group, each with its state, and the reasons. @param {number} user @param {Column} one */
function groupParts(user, one) {
  const row = data.users[user][1];
  const list = make('ul', 'members');
  for (const member of one.members) {
    const { state, mark } = cellAt(row, member);
    const icon = make('i', state, mark);
    icon.setAttribute('aria-label', words[state]);
    const item = make('li', '');
    item.append(button('', () => show(user, member, one), icon, make('bdi', '', member.title)));
    list.append(item);
  }
  const texts = new Set(one.members.map((member) => data.reasons[reasonAt(row, member)].text));
  const reasons = [...texts].slice(0, 3).map((text) => make('p', 'reason', text));
  const facts = make('dl', '');
  fact(facts, 'Own permissions', data.rows[row].rights || 'none that Kapacitor reads');
  return [
    list,
    ...reasons,
    facts,
    button('unfold', () => toggleGroup(one.group), document.createTextNode('Expand this group')),
  ];
}

/** Explains a cell in the panel. @param {number} user @param {Column} one @param {Column} [group] that leads here */
function show(user, one, group) {
  const { state } = cellAt(data.users[user][1], one);
  const close = button('close', closePanel, document.createTextNode('×'));
  close.setAttribute('aria-label', 'Close');
  const title = make('h2', '');
  title.append(make('bdi', '', data.users[user][0]));
  const asked = make('p', 'asked');
  asked.append(make('bdi', '', one.title));
  const parts = one.members.length > 0 ? groupParts(user, one) : cellParts(user, one);
  const what = make('p', 'what', one.endpoint < 0 ? '' : data.endpoints[one.endpoint].what);
  const back =
    group === undefined ? [] : [button('back', () => show(user, group), document.createTextNode('← ' + group.title))];
  panel.replaceChildren(close, ...back, title, asked, what, make('p', 'verdict ' + state, words[state]), ...parts);
  panel.scrollTop = 0;
  panel.classList.add('open');
}

/** Explains the active cell. */
function explain() {
  const user = users[active.row];
  const one = shown[active.column];
  if (user === undefined || one === undefined) closePanel();
  else show(user, one);
}

function closePanel() {
  panel.classList.remove('open');
  active.on = false;
  panel.replaceChildren();
  draw();
}

const search = /** @type {HTMLInputElement} */ (byId('search'));

/** Scrolls so far that the active cell is seen. */
function reveal() {
  const top = active.row * size.row;
  const left = active.column * size.cell;
  const sheet = getComputedStyle(panel).position === 'fixed' ? panel.getBoundingClientRect().top : Infinity;
  const height = Math.min(grid.clientHeight, sheet - grid.getBoundingClientRect().top) - head.offsetHeight;
  const width = grid.clientWidth - size.name;
  if (top < grid.scrollTop) grid.scrollTop = top;
  else if (top + size.row > grid.scrollTop + height) grid.scrollTop = top + size.row - height;
  if (left < grid.scrollLeft) grid.scrollLeft = left;
  else if (left + size.cell > grid.scrollLeft + width) grid.scrollLeft = left + size.cell - width;
}

/** @param {number} row @param {number} column */
function goTo(row, column) {
  if (users.length === 0 || shown.length === 0) return;
  active.row = Math.max(0, Math.min(users.length - 1, row));
  active.column = Math.max(0, Math.min(shown.length - 1, column));
  active.on = true;
  explain();
  reveal();
  draw();
}

/** Rows that one screen holds. */
function page() {
  return Math.max(1, Math.floor((grid.clientHeight - head.offsetHeight) / size.row) - 1);
}

/** @type {Record<string, (far: boolean) => [number, number]>} */
const steps = {
  ArrowUp: () => [active.row - 1, active.column],
  ArrowDown: () => [active.row + 1, active.column],
  ArrowLeft: () => [active.row, active.column - 1],
  ArrowRight: () => [active.row, active.column + 1],
  PageUp: () => [active.row - page(), active.column],
  PageDown: () => [active.row + page(), active.column],
  Home: (far) => [far ? 0 : active.row, 0],
  End: (far) => [far ? users.length - 1 : active.row, shown.length - 1],
  Enter: () => [active.row, active.column],
};

grid.addEventListener('keydown', (event) => {
  const step = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined;
  if (step !== undefined && !event.altKey) {
    event.preventDefault();
    const [row, column] = active.on ? step(event.ctrlKey || event.metaKey) : [active.row, active.column];
    goTo(row, column);
  } else if (event.key === ' ') {
    event.preventDefault();
    const one = shown[active.column];
    if (one !== undefined) toggleGroup(one.group);
  }
});

/** The place of an element in the grid. @param {EventTarget | null} target */
function placeOf(target) {
  const cell = target instanceof Element ? target.closest('.cell') : null;
  const row = cell === null ? null : cell.closest('[aria-rowindex]');
  if (cell === null || row === null) return undefined;
  return { row: Number(row.getAttribute('aria-rowindex')) - 2, column: Number(cell.getAttribute('aria-colindex')) - 2 };
}

grid.addEventListener('click', (event) => {
  const place = placeOf(event.target);
  if (place === undefined) return;
  if (place.row < 0) toggleGroup(shown[place.column].group);
  else goTo(place.row, place.column);
});

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === '/' && !typing) {
    event.preventDefault();
    setView('users');
    search.focus();
    search.select();
  } else if (event.key === 'Escape') {
    if (event.target === search && search.value !== '') {
      search.value = '';
      searched();
    } else if (panel.classList.contains('open')) closePanel();
    if (event.target === search) grid.focus();
  } else if ((event.key === 'Enter' || event.key === 'ArrowDown') && event.target === search) {
    event.preventDefault();
    grid.focus();
    goTo(0, active.column);
  }
});

const selects = { group: byId('group'), method: byId('method'), show: byId('show') };
const fold = byId('fold');

/** @param {number} number */
function counted(number) {
  return number.toLocaleString('en');
}

function update() {
  choose();
  count.textContent =
    users.length === data.users.length
      ? counted(users.length) + (users.length === 1 ? ' user' : ' users')
      : counted(users.length) + ' of ' + counted(data.users.length) + ' users';
  byId('no-match').hidden = users.length > 0;
  fold.setAttribute('aria-pressed', String(groups.every((group) => choice.folded.has(group))));
  layOut();
}

function searched() {
  choice.text = search.value;
  grid.scrollTop = 0;
  active.row = 0;
  if (active.on) closePanel();
  update();
}

/** @param {string} group */
function toggleGroup(group) {
  if (!choice.folded.delete(group)) choice.folded.add(group);
  update();
  const at = shown.findIndex((one) => one.group === group);
  if (active.on) goTo(active.row, at);
}

/** @param {'users' | 'groups'} view */
function setView(view) {
  document.documentElement.dataset.view = view;
  byId('view-users').setAttribute('aria-pressed', String(view === 'users'));
  byId('view-groups').setAttribute('aria-pressed', String(view === 'groups'));
  if (view === 'users') update();
}

/** @param {'group' | 'method' | 'show'} name @param {string} value */
function filterBy(name, value) {
  choice[name] = value;
  /** @type {HTMLSelectElement} */ (selects[name]).value = value;
  grid.scrollLeft = 0;
  if (name === 'show') grid.scrollTop = 0;
  if (active.on) closePanel();
  update();
}

/** @param {HTMLElement} select @param {string[]} values @param {(value: string) => string} text */
function fill(select, values, text) {
  for (const value of values) {
    const option = make('option', '', text(value));
    option.setAttribute('value', value);
    select.append(option);
  }
}

/** A table of what is chosen, for paper: folded where it would be too wide. */
function forPaper() {
  const narrow = shown.length <= 24;
  const before = choice.folded;
  if (!narrow) choice.folded = new Set(groups);
  const printed = narrow ? shown : chosenColumns();
  choice.folded = before;
  const table = make('table', '');
  const top = make('tr', '');
  top.append(
    make('th', '', count.textContent || ''),
    ...printed.map((one) => {
      const cell = make('th', 'turned');
      cell.append(make('span', '', one.title));
      return cell;
    }),
  );
  const header = make('thead', '');
  header.append(top);
  const rows = make('tbody', '');
  for (const user of users) {
    const row = make('tr', '');
    const name = make('th', '');
    name.append(make('bdi', '', data.users[user][0]));
    row.append(name);
    for (const one of printed) {
      const { state, mark } = cellAt(data.users[user][1], one);
      row.append(make('td', state, mark));
    }
    rows.append(row);
  }
  table.append(header, rows);
  const legend = document.querySelector('.legend');
  byId('print').replaceChildren(...(legend === null ? [] : [legend.cloneNode(true)]), table);
}

fill(selects.group, groups, (group) => (group === writes ? group : '/' + group));
fill(selects.method, [...new Set(columns.map(({ method }) => method))], (method) => method);
for (const name of /** @type {const} */ (['group', 'method', 'show'])) {
  const select = /** @type {HTMLSelectElement} */ (selects[name]);
  select.addEventListener('change', () => filterBy(name, select.value));
}
search.addEventListener('input', searched);
fold.addEventListener('click', () => {
  const all = groups.every((group) => choice.folded.has(group));
  choice.folded = new Set(all ? [] : groups);
  if (active.on) closePanel();
  update();
});
byId('clear').addEventListener('click', () => {
  search.value = '';
  choice.text = '';
  filterBy('show', '');
});
byId('view-users').addEventListener('click', () => setView('users'));
byId('view-groups').addEventListener('click', () => setView('groups'));
for (const tile of document.querySelectorAll('[data-show]')) {
  tile.addEventListener('click', () => {
    setView('users');
    filterBy('show', tile.getAttribute('data-show') || '');
  });
}
addEventListener('resize', layOut);
addEventListener('beforeprint', forPaper);
addEventListener('afterprint', () => byId('print').replaceChildren());

choice.folded = new Set(groups);
if (matchMedia('(max-width: 720px)').matches) document.getElementById('notes')?.removeAttribute('open');
for (const row of document.querySelectorAll('#tools, .tiles')) {
  const mark = () => row.classList.toggle('more', row.scrollLeft + row.clientWidth < row.scrollWidth - 1);
  row.addEventListener('scroll', mark);
  addEventListener('resize', mark);
  requestAnimationFrame(mark);
}
document.documentElement.classList.add('running');
setView('users');
