import { fastClock } from '../meta/clients.js';
import { makeFolder } from '../folder.js';
import { runLine, type Ran } from '../run.js';
import type { BadServer } from './bad-servers.js';
import { faultsOf } from './clean-exit.js';
import { good } from './lines.js';
import { answerTo } from './meta.js';
import { serveBadly } from './serve-badly.js';

const state = { 'state.yaml': 'users:\n  joe:\n    permissions: { "": [KapacitorConfigAPI] }\n' };
const env = {
  KAPADMIN_META_USERNAME: 'admin',
  KAPADMIN_META_PASSWORD: 'hunter2-s3cret',
  // Servers of this process accept late when others keep it busy.
  KAPADMIN_CONNECT_TIMEOUT: '1s',
  KAPADMIN_RETRIES: '0',
  KAPADMIN_WAIT: '0',
  KAPADMIN_MAX_BODY: '1MiB',
};

function neverEnds({ says }: BadServer): boolean {
  return says.source.startsWith('no complete response');
}

/** Only a server that never ends its answer is left after a short time. */
function timeoutFor(server: BadServer): string {
  return neverEnds(server) ? '120ms' : '5s';
}

/** The URL of a Kapacitor on the lines. */
const nobody = 'http://127.0.0.1:9';

function runAgainst(url: string, server: BadServer, words: readonly string[]): Promise<Ran> {
  return runLine(words, {
    cwd: makeFolder(state),
    env: { ...env, KAPADMIN_META_URL: url, KAPADMIN_TIMEOUT: timeoutFor(server) },
    clock: fastClock(Date.now()),
  });
}

/** How a command ends against a server that answers everything badly. */
export async function readFrom(bad: BadServer, words: readonly string[]): Promise<Ran> {
  const server = await serveBadly(bad.does);
  const atServer = words.map((word) => (word === nobody ? server.url : word));
  const ran = await runAgainst(server.url, bad, atServer);
  await server.close();
  return ran;
}

function goodAnswer(method: string, path: string): string {
  const { status, value } = answerTo(method, new URL(path, 'http://x'), 'x:1');
  const body = value === undefined ? '' : JSON.stringify(value);
  return `HTTP/1.1 ${status} OK\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
}

/** How a command ends against a server that answers reads well, and writes badly without carrying them out. */
export async function writeTo(bad: BadServer, words: readonly string[]): Promise<Ran> {
  const server = await serveBadly(bad.does, (method) => method === 'POST', goodAnswer);
  const ran = await runAgainst(server.url, bad, words);
  await server.close();
  return ran;
}

/** Lines that write once. */
export const writes: readonly (readonly string[])[] = [
  ['user', 'create', 'new', '--password', 'Pa5sw0Rd-4711'],
  ['user', 'delete', 'joe', '--yes'],
  ['user', 'grant', 'joe', 'ReadData'],
  ['role', 'create', 'new'],
  ['role', 'remove-users', 'ops', 'joe'],
];

const notOfNode = 'not the response of a meta node';

/** A node says that a write is done by 200 and nothing, or JSON that holds no error; what else came under 200 tells nothing. */
export function codeOfWrite({ name, code, says }: BadServer): number {
  const isJson = code === 0 || says.source === notOfNode;
  if (name === 'sends nothing but unknown keys') return 7;
  if (isJson || name === 'sends nothing' || name === 'sends a status line of 10 MB') return 0;
  const isAnswer = /^(answers|redirects|echoes|sends a TLS alert|sends status 999)/.test(name);
  return isAnswer && name !== 'redirects with escape sequences' ? code : 7;
}

const local = ['sandbox', 'completion', 'explain'];
const own = ['permission ', 'config ', 'profile '];

/** A line of every command that asks a meta node. */
export const asking: readonly (readonly string[])[] = Object.entries(good)
  .filter(([words]) => !local.includes(words) && !own.some((noun) => words.startsWith(noun)))
  .map(([words, { flags = [], args = [] }]) => [...words.split(' '), ...flags, '--', ...args]);

/** The codes with which a command may end where `user list` ends with that of the server. */
function codesFor([first = '', second = '']: readonly string[], { name, code, says }: BadServer): readonly number[] {
  if (first === 'doctor') return [0, 1];
  if (first === 'auth' && second === 'test') return [1, 3, 4, 8];
  if (second === 'flush') return code === 0 || /^redirects|no leader/.test(name) ? [8] : [code];
  // Restrictions and grants are read in many shapes.
  if (first === 'acl') return code === 0 || says.source === notOfNode ? [0, 5, 7, 8] : [code];
  if (code === 0) return [0, 1, 2, 5, 6, 7];
  if (first === 'bootstrap') return [code, 6];
  return first === 'role' ? [code, 0, 5] : [code];
}

/** What is wrong with the end of a command against a bad server. */
export async function faultsAgainst(server: BadServer, words: readonly string[]): Promise<readonly string[]> {
  // A flush waits 10 s longer.
  if (words[1] === 'flush' && neverEnds(server)) return [];
  const ran = await readFrom(server, words);
  const codes = codesFor(words, server);
  const faults = [
    ...faultsOf(ran),
    ...(codes.includes(ran.code) ? [] : [`exit code ${ran.code}, not of ${codes.join()}`]),
  ];
  return faults.map((fault) => `${words.join(' ')}: ${fault}: ${ran.stderr.slice(0, 300)}`);
}
