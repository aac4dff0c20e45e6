import { endpointFault } from '../access-matrix/decide-access.js';
import { privilegeByMethod } from '../auth-engine/privileges.js';
import { KapadminError, type LoginResult, type SuggestedFix } from '../engine.js';
import { defaultVersion, knownReleases } from '../model/kapacitor-versions.js';
import { escapeText } from '../model/text.js';
import {
  answers,
  examples,
  FieldError,
  type LoginQuestion,
  readQuestion,
  readTime,
  readVariables,
  recordNote,
  type Segment,
  simulateAt,
  timelineOf,
  timeText,
  verdictText,
} from './question.js';

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`no element ${id}`);
  return element;
}

function inputById(id: string): HTMLInputElement {
  return byId(id) as HTMLInputElement;
}

/** An element with text, which is escaped: what is pasted never becomes HTML, and hides nothing. */
function make(name: string, className: string, text = '', ...children: readonly Node[]): HTMLElement {
  const element = document.createElement(name);
  if (className !== '') element.className = className;
  if (text !== '') element.append(escapeText(text));
  element.append(...children);
  return element;
}

function show(id: string, text: string): void {
  byId(id).textContent = escapeText(text);
}

const fields = [...document.querySelectorAll<Field>('main input, main select, main textarea')];
const slider = inputById('slider');
const at = inputById('at');
const earlier = inputById('earlier');
/** Tokens are checked against the time at which the page was opened. */
const start = new Date();

function value(id: string): string {
  const field = byId(id) as Field;
  if (field === earlier) return earlier.checked ? 'yes' : '';
  return field.value;
}

function addOptions(id: string, options: Iterable<readonly [value: string, label: string]>, chosen: string): void {
  for (const [option, label] of options) {
    (byId(id) as HTMLSelectElement).add(new Option(label, option, option === chosen, option === chosen));
  }
}

function commandBox(command: string): HTMLElement {
  const copy = make('button', '', 'Copy');
  copy.setAttribute('type', 'button');
  const code = make('code', '', command);
  copy.addEventListener('click', () => {
    getSelection()?.selectAllChildren(code);
    void navigator.clipboard?.writeText(command).then(
      () => (copy.textContent = 'Copied'),
      () => undefined,
    );
  });
  return make('div', 'command', '', code, copy);
}

function fixParts({ what, command, setting }: SuggestedFix): Node[] {
  const line = command === undefined ? make('p', 'setting', setting ?? '') : commandBox(command);
  return [make('p', 'what', `${what}:`), line];
}

function verdictParts(result: LoginResult, { request }: LoginQuestion): Node[] {
  const chip = make('p', result.allowed ? 'chip yes' : 'chip out', verdictText(result));
  chip.id = 'message';
  const missing = result.allowed ? endpointFault(request.method ?? 'GET', request.path) : undefined;
  const notes = [...(missing === undefined ? [] : [missing]), ...result.notes];
  return [
    chip,
    make('p', 'why', result.why),
    ...result.fixes.flatMap(fixParts),
    ...result.warnings.map((warning) => make('p', 'warning', `warning: ${warning}`)),
    ...notes.map((note) => make('p', 'note', note)),
  ];
}

const marks = { pass: ['✔', 'passed'], fail: ['✖', 'failed'], info: ['·', 'note'] } as const;

function stepItem({ outcome, label, text }: LoginResult['steps'][number]): HTMLElement {
  const [mark, word] = marks[outcome];
  const sign = make('i', outcome, mark);
  sign.setAttribute('role', 'img');
  sign.setAttribute('aria-label', word);
  return make('li', '', '', sign, make('b', '', label), make('span', '', text));
}

function showVerdict(parts: readonly Node[], data: Readonly<Record<string, string>>, bar: string): void {
  const card = byId('verdict');
  card.replaceChildren(...parts);
  for (const name of ['verdict', 'status', 'message', 'at']) delete card.dataset[name];
  Object.assign(card.dataset, data);
  const link = byId('bar');
  link.textContent = escapeText(bar);
  link.className = data['verdict'] === 'allow' ? 'yes' : 'out';
  link.hidden = false;
}

function asksLdap({ trace }: LoginResult): boolean {
  return trace.some((step) => step.kind === 'lookup' && step.purpose === 'ldap');
}

function showResult(result: LoginResult, question: LoginQuestion): void {
  const { verdict, status, message, steps } = result;
  const data = { verdict, status: `${status ?? ''}`, message: message ?? '', at: value('at') };
  showVerdict(verdictParts(result, question), data, verdictText(result));
  byId('trace').replaceChildren(...steps.map(stepItem));
  byId('steps').hidden = false;
  byId('ldap-field').hidden = ![result, ...segments.map((one) => one.result)].some(asksLdap);
}

function showFailure(title: string, why: string): void {
  const chip = make('p', 'chip out', title);
  chip.id = 'message';
  showVerdict([chip, make('p', 'why', why)], { verdict: 'none' }, title);
  byId('steps').hidden = true;
  byId('time').hidden = true;
}

/** The slider moves by this many steps from end to end. */
const sliderSteps = 300;
let segments: readonly Segment[] = [];

function segmentItem({ from, to, event, result }: Segment): HTMLElement {
  const button = make('button', result.allowed ? 'yes' : 'out', verdictText(result));
  button.setAttribute('type', 'button');
  button.addEventListener('click', () => {
    at.value = timeText(from);
    void update();
  });
  return make('li', '', '', make('span', '', `${timeText(from)} to ${timeText(to)}`), button, make('small', '', event));
}

function showTimeline(time: number): void {
  const end = segments.at(-1)?.to ?? 1;
  const blocks = segments.map(({ from, to, result }) => {
    const block = make('i', result.allowed ? 'yes' : 'out');
    block.style.flexGrow = String((to - from) / end);
    return block;
  });
  byId('strip').replaceChildren(...blocks);
  byId('segments').replaceChildren(...segments.map(segmentItem));
  slider.max = String(sliderSteps);
  slider.value = String(Math.round((time / end) * sliderSteps));
  slider.setAttribute('aria-valuetext', timeText(time));
  const first = segments[0]?.earlier;
  show('at-note', first === undefined ? '' : `The earlier login, at 0s: ${verdictText(first)}.`);
}

function showNotes(): void {
  show('env-note', readVariables(value('env')).note);
  const isBody = answers[value('answer')]?.answer === undefined;
  byId('record').hidden = !isBody;
  show('record-note', isBody ? recordNote(value('record')) : '');
  show('after-note', recordNote(value('record-after')));
  byId('earlier-fields').hidden = !earlier.checked;
}

let runs = 0;

/** Computes anew; the last call wins. */
async function update(keepsSegments = false): Promise<void> {
  const run = ++runs;
  document.documentElement.dataset['state'] = 'busy';
  try {
    showNotes();
    const question = readQuestion(value, start);
    const time = question.earlier === undefined ? 0 : readTime(value('at'), 'at');
    const found = question.earlier === undefined ? [] : keepsSegments ? segments : await timelineOf(question);
    const { result } = await simulateAt(question, time);
    if (run !== runs) return;
    segments = found;
    byId('time').hidden = question.earlier === undefined;
    if (question.earlier !== undefined) showTimeline(time);
    showResult(result, question);
  } catch (error) {
    if (run !== runs) return;
    if (error instanceof FieldError) showFailure('no verdict', error.message);
    else if (error instanceof KapadminError) {
      const starts = error.code !== 'kapacitor-refuses';
      showFailure(
        starts ? 'no verdict' : 'Kapacitor does not start',
        error.message.replace(/^Kapacitor does not start: /, ''),
      );
    } else throw error;
  } finally {
    if (run === runs) document.documentElement.dataset['state'] = 'done';
  }
}

function fill(name: string): void {
  const example = examples[name] ?? {};
  for (const field of fields) {
    if (field === slider) continue;
    if (field === earlier) earlier.checked = example['earlier'] !== undefined;
    else if (field instanceof HTMLSelectElement) field.value = defaults.get(field) ?? '';
    else field.value = example[field.id] ?? '';
  }
  if (value('changed-at') === '') inputById('changed-at').value = '1m';
  if (at.value === '') at.value = '2m';
  void update();
}

addOptions(
  'method',
  Object.keys(privilegeByMethod).map((method) => [method, method] as const),
  'GET',
);
addOptions(
  'version',
  [...knownReleases].reverse().map((release) => [release, release] as const),
  knownReleases.at(-1) ?? defaultVersion.name,
);
addOptions(
  'answer',
  ['200', '404', '401', '403', '503', 'refused', 'timeout'].map((id) => [id, answers[id]?.label ?? id] as const),
  '200',
);
const defaults = new Map(fields.map((field) => [field, field.value]));
for (const field of fields) {
  field.setAttribute('autocomplete', 'off');
  field.setAttribute('spellcheck', 'false');
}

let waiting: ReturnType<typeof setTimeout> | undefined;
document.querySelector('main')?.addEventListener('input', ({ target }) => {
  clearTimeout(waiting);
  if (target === slider) {
    const end = segments.at(-1)?.to ?? 0;
    at.value = timeText(Math.round(((Number(slider.value) / sliderSteps) * end) / 1e9) * 1e9);
    void update(true);
    return;
  }
  document.documentElement.dataset['state'] = 'busy';
  waiting = setTimeout(() => void update(), 150);
});
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-example]')) {
  button.addEventListener('click', () => fill(button.dataset['example'] ?? ''));
}
byId('reveal').addEventListener('click', () => {
  const isShown = value('password') !== '' && inputById('password').type === 'password';
  for (const id of ['password', 'earlier-password']) inputById(id).type = isShown ? 'text' : 'password';
  byId('reveal').setAttribute('aria-pressed', String(isShown));
  byId('reveal').textContent = isShown ? 'hide' : 'show';
});
fill('password');
