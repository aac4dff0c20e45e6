/** The panel: why a cell is as it is, and the command that changes it. */
export const why = String.raw`
const panel = byId('why');
const emptyPanel = panel.firstElementChild;
const userMark = '\ue000';
const databaseMark = '\ue001';

/** A command for this user and column, empty where no shell quoting serves all shells. @param {number} user @param {Column} one @param {Command} command */
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
  fact(facts, 'Decided by', reason.entry === '' ? (reason.state === 'out' ? '' : 'no entry') : reason.entry + ' = ' + reason.mask);
  fact(facts, 'Made by', reason.permissions.join(', '));
  fact(facts, 'Only by role', reason.roles.join(', '));
  fact(facts, 'Own permissions', data.rows[row].rights || 'none that Kapacitor reads');
  const parts = [make('p', 'reason', reason.text), facts];
  if (reason.commands.length > 0) {
    parts.push(make('h3', '', reason.state === 'out' ? 'To let the user log in' : 'To allow it'));
    for (const command of reason.commands) {
      const line = commandFor(user, one, command);
      parts.push(line === '' ? make('p', '', 'No command: a name in it cannot be quoted for every shell.') : commandBox(line));
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
  return [list, ...reasons, facts, button('unfold', () => toggleGroup(one.group), document.createTextNode('Unfold this group'))];
}

/** Shows why a cell is as it is. @param {number} user @param {Column} one @param {Column} [group] that leads here */
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
  const back = group === undefined ? [] : [button('back', () => show(user, group), document.createTextNode('← ' + group.title))];
  panel.replaceChildren(close, ...back, title, asked, what, make('p', 'verdict ' + state, words[state]), ...parts);
  panel.scrollTop = 0;
  panel.classList.add('open');
}

/** Shows why the active cell is as it is. */
function explain() {
  const user = users[active.row];
  const one = shown[active.column];
  if (user === undefined || one === undefined) closePanel();
  else show(user, one);
}

function closePanel() {
  panel.classList.remove('open');
  active.on = false;
  panel.replaceChildren(...(emptyPanel === null ? [] : [emptyPanel]));
  draw();
}
`;
