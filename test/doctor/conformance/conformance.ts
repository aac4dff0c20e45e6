import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ConformanceReport } from '../../../src/diagnostics/doctor/facts.js';
import type { OpenQuestionId } from '../../../src/model/open-questions.js';
import type { SandboxOptions } from '../../../src/sandbox/options.js';
import type { Meddle } from '../../cli/proxy.js';
import { makeFolder } from '../../folder.js';
import { type Ran, runLine } from '../../run.js';
import { sandbox } from '../../sandbox/running.js';
import { environment } from '../doctor.js';

/** Facts by question; only those that matter to a test. */
export type ExpectedFacts = Readonly<Partial<Record<OpenQuestionId, object>>>;

export interface Probed extends Ran {
  /** Undefined where no file was written. */
  readonly report: ConformanceReport | undefined;
  readonly text: string;
}

/** Runs `doctor --conformance` in this process as the admin of a sandbox. */
export async function conform(urls: readonly string[], words: readonly string[] = []): Promise<Probed> {
  const cwd = makeFolder();
  const line = ['doctor', '--conformance', 'report.json', '--yes', '--wait', '100ms', ...words];
  const ran = await runLine(line, { env: environment(urls), cwd });
  try {
    const text = readFileSync(path.join(cwd, 'report.json'), 'utf8');
    return { ...ran, text, report: JSON.parse(text) as ConformanceReport };
  } catch {
    return { ...ran, text: '', report: undefined };
  }
}

/** The report of a sandbox with these switches. */
export async function reportOf(options: SandboxOptions): Promise<ConformanceReport> {
  const { report, stderr } = await conform((await sandbox(options)).urls);
  if (report === undefined) throw new Error(stderr);
  return report;
}

export function factsOf({ answers }: ConformanceReport): ExpectedFacts {
  return Object.fromEntries(Object.entries(answers).map(([id, { facts }]) => [id, facts]));
}

/** What a sandbox without a word does. */
const usual: ExpectedFacts = {
  'ping-authentication': { withoutCredentials: 204, withCredentials: 204 },
  'stored-hash-form': { form: 'bcrypt-2a', cost: 4, logsIn: true },
  'roles-in-user-records': { included: false },
  'hash-at-create': {
    bcrypt2a: 'kept',
    bcrypt2aLogsIn: true,
    pbkdf2Sha256: 'kept',
    stored: 'kept',
    storedLogsIn: true,
  },
  'long-passwords': { created: false, status: 500 },
  'role-create-contents': { permissions: 'ignored', users: 'ignored' },
  'role-new-name': { rename: 'refused', changeName: 'refused', update: 'refused', addPermissions: 'ignored' },
  'unknown-names': { permission: 'kept', database: 'kept', member: 'refused' },
  'write-visibility': { nodes: 1, shown: 1 },
  'acl-responses': { restrictionsIn: 'restrictions', grantsIn: 'grants' },
  'acl-unknown-names': { database: 'accepted', user: 'accepted', role: 'accepted' },
  'acl-of-deleted-users': { grant: 'kept' },
};

/** Each switch of the sandbox that the probes can see, and what differs then; the file in test/conformance. */
export const switches: Readonly<Record<string, { readonly options: SandboxOptions; readonly facts: ExpectedFacts }>> = {
  'sandbox-default': { options: {}, facts: usual },
  'sandbox-merge-role-permissions': {
    options: { mergeRolePermissions: true },
    facts: { ...usual, 'roles-in-user-records': { included: true } },
  },
  'sandbox-create-takes-all': {
    options: { createTakesAll: true },
    facts: { ...usual, 'role-create-contents': { permissions: 'kept', users: 'kept' } },
  },
  'sandbox-long-passwords': {
    options: { longPasswords: true },
    facts: { ...usual, 'long-passwords': { created: true, logsIn: true, first72BytesLogIn: true } },
  },
  'sandbox-ping-auth': {
    options: { pingAuth: true },
    facts: { ...usual, 'ping-authentication': { withoutCredentials: 401, withCredentials: 200 } },
  },
  'sandbox-no-auth': { options: { auth: false }, facts: usual },
  'sandbox-nodes': { options: { nodes: 3, lag: 60 }, facts: { ...usual, 'write-visibility': { nodes: 3, shown: 3 } } },
  'sandbox-ldap': {
    options: { ldap: true },
    facts: {
      'ping-authentication': { withoutCredentials: 204, withCredentials: 204 },
      'ldap-user-records': { found: true, hash: 'none', permissions: true },
    },
  },
};

interface AclEntry {
  readonly id: string;
  readonly [key: string]: unknown;
}

/** The endpoints of restrictions and grants, as a server before the sandbox has them; one restriction is another's. */
export function aclServer(shape: 'object' | 'array') {
  const stored: Record<string, AclEntry[]> = {
    restrictions: [{ id: '1', database: { match: 'exact', value: 'secret-database' }, permissions: ['read'] }],
    grants: [],
  };
  let next = 2;
  const meddle: Meddle = ({ method, path, body }) => {
    const [, kind = '', id] = /^\/influxdb\/v2\/acl\/(restrictions|grants)(?:\/(.+))?$/.exec(path) ?? [];
    const list = stored[kind];
    if (list === undefined) return undefined;
    if (method === 'GET') return { status: 200, answer: JSON.stringify(shape === 'array' ? list : { [kind]: list }) };
    if (method === 'DELETE') {
      stored[kind] = list.filter((entry) => entry.id !== id);
      return { status: 204, answer: '' };
    }
    const made = { ...(JSON.parse(body) as object), id: String(next++) };
    list.push(made);
    return { status: 201, answer: shape === 'array' ? '' : JSON.stringify(made) };
  };
  return { meddle, stored };
}
