import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { run } from '../../src/cli/run.js';
import { generatePassword } from '../../src/settings/secrets.js';
import { makeTestContext, type TestContext } from '../context.js';
import { makeFolder } from '../folder.js';
import { fastClock } from '../meta/clients.js';
import { lines } from './commands.js';
import { foundIn, marked, secrets, type Marked } from './secrets.js';
import type { Source } from './source.js';
import type { FakeCluster } from './fake-cluster.js';

/** What came of a command line, and each place where a secret showed that must not. */
export interface Tried {
  readonly line: string;
  readonly code: number;
  readonly stderr: string;
  readonly leaks: readonly string[];
}

const limits = { KAPADMIN_RETRIES: '0', KAPADMIN_WAIT: '0', KAPADMIN_TIMEOUT: '8s', KAPADMIN_CONNECT_TIMEOUT: '8s' };
const longest = 10_000;

/** Random bytes, and all that may be made of them. */
function bytesWithMarks(): { marks: Marked[]; randomBytes(count: number): Uint8Array } {
  const marks: Marked[] = [];
  let calls = 0;
  return {
    marks,
    randomBytes(count) {
      calls += 1;
      const bytes = Uint8Array.from({ length: count }, (_, i) => (calls * 31 + i * 89 + ((i * i) % 17)) % 214);
      if (count < 24) return bytes;
      const values = [
        generatePassword(() => bytes).reveal(),
        ...(['hex', 'base64url'] as const).map((form) => Buffer.from(bytes).toString(form)),
      ];
      marks.push(...values.map((value) => marked('a secret that was made up', value)));
      return bytes;
    },
  };
}

interface Place {
  readonly cwd: string;
  readonly home: string;
}

function whole(name: string, { cwd, home }: Place): string {
  return name.startsWith('~/') ? path.join(home, name.slice(2)) : path.join(cwd, name);
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) =>
    path.join(entry.parentPath, entry.name),
  );
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

/** Types an answer at each question, until all is over. */
async function answerAll(
  answer: string,
  context: TestContext,
  keyboard: PassThrough,
  over: AbortSignal,
): Promise<void> {
  for (let last: string | undefined; !over.aborted; await soon()) {
    const question = context
      .stderr()
      .match(/[Pp]assword of|Confirm password/g)
      ?.at(-1);
    if (question !== last) keyboard.write(`${answer}\r`);
    last = question;
  }
}

/** Ends what has no end by itself once it has said something, or had the time to. */
async function endEndless(context: TestContext, over: AbortSignal): Promise<void> {
  const isReady = (): boolean => context.stdout().includes('\n') || existsSync(path.join(context.cwd, 'printed'));
  for (let times = 0; !over.aborted && !isReady() && times < 200; times++) await soon();
  context.interrupt();
}

/** Names of the files that the command lines of these tests make, the bodies of which hold no secret unless kept. */
const expected = new Set([
  'printed',
  'made',
  'bundle.json',
  'report.json',
  'login.yaml',
  'before.yaml',
  'data',
  'k.conf',
  'config.yaml',
]);

/** What is wrong with the files that a command left: secrets in them, or others who may read them. */
function faultsOfFiles(
  place: Place,
  before: ReadonlyMap<string, string>,
  keeps: readonly string[],
  adds: Readonly<Record<string, RegExp>>,
  among: readonly Marked[],
): string[] {
  const kept = new Set(keeps.map((name) => whole(name, place)));
  return [...filesBelow(place.cwd), ...filesBelow(place.home)].flatMap((file) => {
    const facts = lstatSync(file);
    const content = facts.isFile() ? readFileSync(file, 'latin1') : '';
    if (before.get(file) === content) return [];
    const name = path.relative(path.dirname(place.cwd), file);
    const open = (facts.mode & 0o077) !== 0 ? [`${name} has the mode ${(facts.mode & 0o777).toString(8)}`] : [];
    const isStrange = facts.isFile() && !expected.has(path.basename(file));
    const strange = isStrange ? [`${name} is not expected`] : [];
    const text = facts.isFile() ? readFileSync(file, 'utf8') : '';
    const isAdded = Object.entries(adds).some(
      ([added, what]) => whole(added, place) === file && content.replace(what, '') === before.get(file),
    );
    const told = isAdded || kept.has(file) ? [] : foundIn(text, among).map(({ of }) => `${name} holds ${of}: ${text}`);
    return [...open, ...strange, ...told];
  });
}

/** Runs a command with its secrets from these sources, against a cluster, and looks for them everywhere. */
export async function tryLine(
  words: string,
  own: Source,
  connection: Source,
  format: readonly string[],
  cluster?: FakeCluster,
): Promise<Tried> {
  const { args = [], flags = [], keeps = [], adds = {} } = lines[words] ?? {};
  const place = { cwd: makeFolder(), home: makeFolder() };
  const both = [connection, own];
  for (const [name, text] of both.flatMap(({ files = {} }) => Object.entries(files))) {
    mkdirSync(path.dirname(whole(name, place)), { recursive: true, mode: 0o700 });
    writeFileSync(whole(name, place), text, { mode: 0o600 });
  }
  const before = new Map(
    [...filesBelow(place.cwd), ...filesBelow(place.home)].map((file) => [
      file,
      lstatSync(file).isFile() ? readFileSync(file, 'latin1') : '',
    ]),
  );
  const isEndless = words === 'sandbox';
  const { marks, randomBytes } = bytesWithMarks();
  const typed = own.typed ?? connection.typed;
  const keyboard = new PassThrough();
  const context = makeTestContext({
    ...place,
    randomBytes,
    env: { ...limits, ...connection.env, ...own.env },
    stdin: typed === undefined ? (own.stdin ?? connection.stdin ?? '') : keyboard,
    terminal: { stdin: typed !== undefined, stderr: typed !== undefined },
    ...(isEndless ? {} : { clock: fastClock(Date.now()) }),
  });
  const argv = [
    ...words.split(' '),
    ...flags,
    ...both.flatMap((source) => source.flags ?? []),
    ...format,
    '--',
    ...(own.args ?? args),
  ];
  const over = new AbortController();
  const ended = run(argv, context).finally(() => over.abort());
  const late = setTimeout(() => context.interrupt('SIGTERM'), longest);
  if (typed !== undefined) void answerAll(typed, context, keyboard, over.signal);
  if (isEndless) void endEndless(context, over.signal);
  const code = await ended;
  clearTimeout(late);
  const among = [...Object.values(secrets), ...marks, ...((await cluster?.more()) ?? [])];
  const shown = own.prints === true ? [] : foundIn(context.stdout(), among);
  const leaks = [
    ...shown.map(({ of }) => `stdout shows ${of}: ${context.stdout()}`),
    ...foundIn(context.stderr(), among).map(({ of }) => `stderr shows ${of}: ${context.stderr()}`),
    ...faultsOfFiles(
      place,
      before,
      [...keeps, ...(own.keeps ?? []), ...(own.prints === true ? ['printed'] : [])],
      adds,
      among,
    ),
  ];
  return { line: argv.join(' '), code, stderr: context.stderr(), leaks };
}
