/** Draws the part of the grid that is seen, with elements that are used again. */
export const grid = String.raw`
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
  else if (grid.getAttribute('aria-activedescendant') !== described) grid.setAttribute('aria-activedescendant', described);
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
`;
