import { bugError, KapadminError, stopped } from '../../errors.js';
import { probeNamePattern } from '../../diagnostics/doctor/checks/users-and-roles.js';
import type { ConformanceAnswer, ConformanceFacts, ConformanceReport } from '../../diagnostics/doctor/facts.js';
import type { MetaClient } from '../../meta/client-types.js';
import { metaRequestPath } from '../../meta/wire.js';
import type { OpenQuestionId } from '../../model/open-questions.js';
import { Secret } from '../../model/secret.js';
import { showNames } from '../../model/text.js';
import type { Settings } from '../../settings/settings.js';
import { createDoctorClients, type DoctorClients, type DoctorContext } from '../nodes.js';
import {
  probeAclOfDeletedUser,
  probeAclResponses,
  probeAclUnknownNames,
  probeHashAtCreate,
  probeLdapRecord,
  probeLongPassword,
  probeNewName,
  probePing,
  probeRoleContents,
  probeRoleCopy,
  probeStoredHash,
  probeUnknownNames,
} from './probes.js';
import {
  createSession,
  createTemporary,
  type Leftovers,
  type ProbeSession,
  removeAclOf,
  type Temporary,
} from './session.js';

/** How many temporary names a run has. */
const nameCount = 9;
const prefix = 'kapadmin-probe-';

const anonymousPing = { method: 'GET', path: '/ping', anonymous: true } as const;

function isProbeDatabase(name: unknown): boolean {
  return typeof name === 'string' && probeNamePattern.test(name);
}

type Answers = Partial<Record<OpenQuestionId, ConformanceAnswer>>;

/** The names of everything that the report must not show. */
async function namesOf(client: MetaClient, settings: Settings, stop: AbortSignal): Promise<Set<string>> {
  const [users, roles] = await Promise.all([client.users({ signal: stop }), client.roles({ signal: stop })]);
  if (users.length === 0) {
    const hint = 'Create the first admin user: kapadmin bootstrap NAME';
    throw new KapadminError('server', 'no-users', 'the cluster has no users: nothing was probed', { hint });
  }
  const scopes = [...users, ...roles].flatMap(({ permissions }) => [...permissions.keys()]);
  const hosts = settings.nodes.flatMap((node) => new URL(node).hostname.split('.'));
  const account = settings.credentials.kind === 'none' ? [] : [settings.credentials.username];
  return new Set([...users.map(({ name }) => name), ...roles.map(({ name }) => name), ...scopes, ...hosts, ...account]);
}

/** How long a new user takes to show on each node that the connection names. */
async function probeVisibility(
  session: ProbeSession,
  name: string,
  { settings, clients, looking }: Probed,
): Promise<ConformanceFacts> {
  const { clock, stop } = looking.context;
  const nodes = await Promise.all(settings.nodes.map((node) => clients.open([node])));
  const password = new Secret(session.secretText(16));
  const { isDone, status } = await session.write('user', 'create', 'create', { name, password });
  if (!isDone) return { created: false, status };
  const began = clock.now();
  const path = metaRequestPath('/user', { name });
  const shownAfter = async (client: MetaClient): Promise<number | undefined> => {
    for (;;) {
      const { status: found } = await client.get(path, { signal: stop });
      if (found === 200) return Math.round(clock.now() - began);
      if (clock.now() - began > settings.limits.wait || stop.aborted) return undefined;
      await clock.sleep(20, stop);
    }
  };
  const times = await Promise.all(nodes.map(shownAfter));
  const shown = times.filter((time) => time !== undefined);
  return {
    nodes: nodes.length,
    shown: shown.length,
    ...(shown.length === 0 ? {} : { slowestMs: Math.max(...shown) }),
  };
}

interface Probed {
  readonly settings: Settings;
  readonly clients: DoctorClients;
  readonly looking: DoctorContext;
}

/** Throws where the account may not create users: then there is nothing to find out. */
function checkAllowed(answer: ConformanceAnswer): void {
  const refused = answer.responses.find(({ request, status }) => request === 'POST /user create' && status >= 400);
  if (refused === undefined) return;
  const why = `${refused.status}${refused.error === undefined ? '' : `, ${refused.error}`}`;
  const kind = refused.status === 401 || refused.status === 403 ? 'refused' : 'server';
  throw new KapadminError(kind, 'probe-refused', `cannot create a temporary user: ${why}`, {
    hint: 'The account of this connection needs CreateUserAndRole.',
  });
}

/** Everything that is asked, one after the other: a probe uses what those before it made. */
async function askAll(session: ProbeSession, ldap: boolean | null, probed: Probed): Promise<Answers> {
  const { settings } = probed;
  const { names, roles } = session.temporary;
  const [
    member = '',
    hash0 = '',
    hash1 = '',
    hash2 = '',
    hash3 = '',
    hash4 = '',
    long = '',
    visible = '',
    nobody = '',
  ] = names;
  const [role = '', withPermissions = '', withUsers = '', renamed = ''] = roles;
  const password = new Secret(session.secretText(16));
  const answers: Answers = {};
  const ask = async (
    id: OpenQuestionId,
    probe: () => Promise<ConformanceFacts | string>,
  ): Promise<ConformanceAnswer> => {
    const found = await probe();
    const responses = session.takeResponses();
    const answer = typeof found === 'string' ? { facts: {}, unknown: found, responses } : { facts: found, responses };
    answers[id] = answer;
    return answer;
  };

  await ask('ping-authentication', () => probePing(session));
  if (ldap === true) {
    const { credentials } = settings;
    await ask('ldap-user-records', async () =>
      credentials.kind === 'none' ? 'no account' : probeLdapRecord(session, credentials.username),
    );
    return answers;
  }
  let stored: Secret | undefined;
  const created = await ask('stored-hash-form', async () => {
    const { facts, hash } = await probeStoredHash(session, member, password);
    stored = hash;
    return facts;
  });
  checkAllowed(created);
  await ask('roles-in-user-records', async () => {
    const included = await probeRoleCopy(session, member, role);
    return included === undefined ? 'the role or its member does not read back' : { included };
  });
  await ask('hash-at-create', () =>
    probeHashAtCreate(session, [hash0, hash1, hash2, hash3, hash4], { password, stored }),
  );
  await ask('long-passwords', () => probeLongPassword(session, long));
  await ask('role-create-contents', () => probeRoleContents(session, [withPermissions, withUsers], member));
  await ask('role-new-name', () => probeNewName(session, role, renamed));
  await ask('unknown-names', () => probeUnknownNames(session, { user: member, role: withPermissions, nobody }));
  await ask('write-visibility', () => probeVisibility(session, visible, probed));
  let isThere = false;
  await ask('acl-responses', async () => {
    const { facts, isThere: found } = await probeAclResponses(session);
    isThere = found;
    return facts;
  });
  if (!isThere) return answers;
  // What killed runs left.
  await removeAclOf(session.client, isProbeDatabase);
  await ask('acl-unknown-names', () => probeAclUnknownNames(session, nobody));
  await ask('acl-of-deleted-users', async () => {
    return (await probeAclOfDeletedUser(session, visible)) ?? 'a grant for a user is refused';
  });
  return answers;
}

/** A version in a form that holds no name. */
function plainVersion(version: string | undefined): string | null {
  return version !== undefined && /^v?\d[\w.+~-]{0,40}$/.test(version) ? version : null;
}

/** What became of what was made. */
function describeCleanup({ what }: Leftovers): string {
  return what.length === 0 ? 'all temporary users and roles were removed' : `left: ${showNames(what, 50)}`;
}

function announce(temporary: Temporary, { logger }: DoctorContext): void {
  const { names, database, commands } = temporary;
  logger.show(`Temporary users and roles, removed at the end: ${showNames(names, 50)}`);
  logger.show(`Restrictions and grants, removed at the end: those of the database ${database}, which does not exist`);
  logger.show('If this run is killed, remove what is left (restrictions and grants: by the next run):');
  for (const command of commands) logger.show(`  ${command.toString()}`);
}

function hintOf({ commands }: Leftovers): string | undefined {
  return commands.length === 0 ? undefined : `Remove what is left: ${commands.map(String).join('; ')}`;
}

export interface Conformance {
  readonly report: ConformanceReport;
  /** What could not be removed. */
  readonly failure: KapadminError | undefined;
}

/**
 * Probes a cluster by temporary users and roles. Everything that it makes has a name that is printed before anything is
 * sent; it removes what it made, also when it fails or is told to stop, and then rejects with an account of that.
 */
export async function runConformance(settings: Settings, looking: DoctorContext): Promise<Conformance> {
  const { context, flags } = looking;
  const { stop, clock } = context;
  const hex = (bytes: number): string => Buffer.from(context.randomBytes(bytes)).toString('hex');
  const base = `${prefix}${hex(5)}`;
  const names = Array.from({ length: nameCount }, (_, i) => base + i.toString(16).padStart(2, '0'));
  const temporary = createTemporary(names, `${base}ff`, flags.profile ?? []);
  const clients = createDoctorClients(settings, looking);
  let left: Leftovers | undefined;
  const cleanUp = async (client: MetaClient): Promise<Leftovers> => (left = await temporary.removeAll(client));
  try {
    const client = await clients.leading();
    const masked = await namesOf(client, settings, stop);
    // Whatever the node responds to somebody without credentials, it tells its version.
    const ping = await client.send({ purpose: 'ping a meta node', ...anonymousPing }, { signal: stop });
    const product = plainVersion(ping.header('x-influxdb-version'));
    const ldap = await client.ldapConfig({ signal: stop }).then(
      ({ enabled }) => enabled,
      () => null,
    );
    announce(temporary, looking);
    for (const name of names) masked.add(name);
    const outside = { clock, stop, waitMs: settings.limits.wait, secretText: hex };
    const session = createSession(client, temporary, masked, outside);
    let answers: Answers;
    try {
      answers = await askAll(session, ldap, { settings, clients, looking });
    } catch (error) {
      throw endError(error, await cleanUp(client), stop);
    }
    await cleanUp(client);
    if (stop.aborted) throw endError(undefined, left ?? { what: [], commands: [] }, stop);
    const report = {
      version: 1,
      kapadmin: KAPADMIN_VERSION,
      product,
      nodes: settings.nodes.length,
      ldap,
      answers,
    } as const;
    return { report, failure: left === undefined || left.what.length === 0 ? undefined : leftError(left) };
  } finally {
    await clients.close();
  }
}

function leftError(left: Leftovers): KapadminError {
  return new KapadminError('partial', 'probe-left', `not everything could be removed; ${describeCleanup(left)}`, {
    hint: hintOf(left),
  });
}

/** The error of a run that came to no end. */
function endError(cause: unknown, left: Leftovers, stop: AbortSignal): KapadminError {
  const cleanup = describeCleanup(left);
  const hint = hintOf(left);
  if (stop.aborted) {
    const { kind, code, message } = stopped(stop, `stopped; ${cleanup}`);
    return new KapadminError(kind, code, message, { hint });
  }
  if (!(cause instanceof KapadminError)) return bugError(cause, `finish the probes (${cleanup})`);
  const kind = left.what.length === 0 ? cause.kind : 'partial';
  return new KapadminError(kind, cause.code, `${cause.message}; ${cleanup}`, { hint: hint ?? cause.hint, cause });
}
