/** Filters, views, printing, and the beginning. */
export const start = String.raw`
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
  byId('nobody').hidden = users.length > 0;
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

/** @param {'users' | 'kinds'} view */
function setView(view) {
  document.documentElement.dataset.view = view;
  byId('view-users').setAttribute('aria-pressed', String(view === 'users'));
  byId('view-kinds').setAttribute('aria-pressed', String(view === 'kinds'));
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
  top.append(make('th', '', count.textContent || ''), ...printed.map((one) => {
    const cell = make('th', 'turned');
    cell.append(make('span', '', one.title));
    return cell;
  }));
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
byId('view-kinds').addEventListener('click', () => setView('kinds'));
for (const tile of document.querySelectorAll('[data-show]')) {
  tile.addEventListener('click', () => {
    setView('users');
    filterBy('show', tile.getAttribute('data-show') || '');
  });
}
addEventListener('resize', layOut);
addEventListener('beforeprint', forPaper);
addEventListener('afterprint', () => byId('print').replaceChildren());

if (matchMedia('(max-width: 720px)').matches) choice.folded = new Set(groups);
document.documentElement.classList.add('running');
setView('users');
`;
