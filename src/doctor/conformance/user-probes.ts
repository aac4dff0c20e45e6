import type { ConformanceFacts } from '../../diagnostics/doctor/conformance.js';
import { metaRequestPath } from '../../meta/wire.js';
import { isBcryptHash, maxBcryptBytes, Secret } from '../../model/secret.js';
import type { ProbeResponse, ProbeSession } from './session.js';

/** What became of a write that the node may refuse, ignore or change. */
export type WriteOutcome = 'kept' | 'changed' | 'ignored' | 'refused';

/** Whether a password logs in, as `/authorized` responds; undefined where it responds with neither 200 nor 401. */
async function logsIn(session: ProbeSession, name: string, password: Secret): Promise<boolean | undefined> {
  const query = { name, password: password.reveal(), permission: 'NoPermissions', resource: '' };
  const path = metaRequestPath('/authorized', query);
  const { status } = await session.send({ label: 'GET /authorized', path, secrets: [password] });
  return status === 200 ? true : status === 401 ? false : undefined;
}

/** `bcrypt-2a`, `pbkdf2-sha256`, `none`; never a part of the hash itself. */
function hashForm(hash: Secret | undefined): string {
  const text = hash?.reveal() ?? '';
  if (text === '') return 'none';
  if (hash !== undefined && isBcryptHash(hash)) return `bcrypt-${text.slice(1, 3)}`;
  const [, scheme] = /^\$?(pbkdf2(?:-sha\d{1,3})?)(?![a-z0-9])/i.exec(text) ?? [];
  return scheme?.toLowerCase() ?? 'other';
}

function withoutUndefined(facts: Readonly<Record<string, string | number | boolean | undefined>>): ConformanceFacts {
  return Object.fromEntries(
    Object.entries(facts).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined),
  );
}

/** A user with a known password, and the form of the hash that the cluster stores for it. */
export async function probeStoredHash(
  session: ProbeSession,
  name: string,
  password: Secret,
): Promise<{ readonly facts: ConformanceFacts; readonly hash: Secret | undefined }> {
  await session.write('user', 'create', 'create', { name, password });
  const user = await session.readUser(name);
  const hash = user?.hash;
  const [, cost] = /^\$2.\$(\d\d)\$/.exec(hash?.reveal() ?? '') ?? [];
  const facts = { form: hashForm(hash), cost: cost === undefined ? undefined : Number(cost) };
  return { facts: withoutUndefined({ ...facts, logsIn: await logsIn(session, name, password) }), hash };
}

/** Forms of one bcrypt hash: the digest is the same. */
const bcryptForms = ['2a', '2b', '2y'] as const;

/** A PBKDF2 hash of nothing, in the form that is known from elsewhere; nobody can log in with it. */
const pbkdf2 = `$pbkdf2-sha256$310000$${'A'.repeat(22)}$${'A'.repeat(43)}`;

async function createWithHash(session: ProbeSession, label: string, name: string, hash: Secret) {
  const { isDone } = await session.write('user', `create with hash ${label}`, 'create', { name, hash });
  if (!isDone) return 'refused';
  const user = await session.readUser(name);
  if (user?.hash === undefined || user.hash.reveal() === '') return 'ignored';
  return user.hash.reveal() === hash.reveal() ? 'kept' : 'changed';
}

/** Creates users with ready hashes: of bcrypt, of PBKDF2, and the one that the cluster stored itself. */
export async function probeHashAtCreate(
  session: ProbeSession,
  names: readonly string[],
  known: { readonly password: Secret; readonly stored: Secret | undefined },
): Promise<ConformanceFacts> {
  const { hash: bcryptHash } = await import('bcryptjs');
  const own = await bcryptHash(known.password.reveal(), 4);
  const forms = new Map<string, string>(bcryptForms.map((form) => [`bcrypt${form}`, `$${form}${own.slice(3)}`]));
  forms.set('pbkdf2Sha256', pbkdf2);
  if (known.stored !== undefined && known.stored.reveal() !== '') forms.set('stored', known.stored.reveal());
  const facts: Record<string, string | boolean | undefined> = {};
  for (const [i, [form, hash]] of [...forms].entries()) {
    const name = names[i] ?? '';
    const outcome: WriteOutcome = await createWithHash(session, form, name, new Secret(hash));
    facts[form] = outcome;
    if (form === 'pbkdf2Sha256' || outcome === 'refused') continue;
    facts[`${form}LogsIn`] = await logsIn(session, name, known.password);
  }
  return withoutUndefined(facts);
}

/** A password of one byte more than bcrypt reads. */
export async function probeLongPassword(session: ProbeSession, name: string): Promise<ConformanceFacts> {
  const password = new Secret(session.secretText(maxBcryptBytes).slice(0, maxBcryptBytes + 1));
  const { isDone, status } = await session.write('user', 'create with 73 bytes', 'create', { name, password });
  if (!isDone) return { created: false, status };
  await session.readUser(name);
  const first = new Secret(password.reveal().slice(0, maxBcryptBytes));
  return withoutUndefined({
    created: true,
    logsIn: await logsIn(session, name, password),
    first72BytesLogIn: await logsIn(session, name, first),
  });
}

/** Sends `/ping` with credentials and without. */
export async function probePing(session: ProbeSession): Promise<ConformanceFacts> {
  const ping = (label: string, isAnonymous: boolean): Promise<ProbeResponse> =>
    session.send({ label: `GET /ping ${label}`, path: '/ping', isAnonymous });
  const anonymous = await ping('without credentials', true);
  const own = await ping('with credentials', false);
  return { withoutCredentials: anonymous.status, withCredentials: own.status };
}

/** The user record of the connection's account, where users come from LDAP. */
export async function probeLdapRecord(session: ProbeSession, username: string): Promise<ConformanceFacts> {
  const user = await session.readUser(username, () => true);
  if (user === undefined) return { found: false };
  return { found: true, hash: hashForm(user.hash), permissions: user.permissions.size > 0 };
}
