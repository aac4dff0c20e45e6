/** Mouse, touch and keyboard. */
export const moves = String.raw`
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
`;
