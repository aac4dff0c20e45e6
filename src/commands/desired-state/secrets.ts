import type { Change, SecretRef } from '../../mutations/change.js';
import type { SecretSource } from '../../mutations/send-and-verify.js';
import type { Factory } from '../../cli/factory.js';
import { KapadminError, usageError } from '../../errors.js';
import { maxBcryptBytes, Secret } from '../../model/secret.js';
import { quoteName, showFile, showName, someLines } from '../../model/text.js';
import { readSecretFile } from '../../settings/secrets.js';
import { isInside, type LoadedState, secretPath } from './load-state-files.js';
import type { PasswordsFile } from '../passwords-file.js';

interface SecretSources {
  /** Hashes from state files, by user. */
  readonly hashes: ReadonlyMap<string, Secret>;
  /** Called only when a password has to be generated. */
  passwords(): PasswordsFile | undefined;
  /** Hashes of any form are sent. */
  readonly force?: boolean;
}

/** One line such as `$2a$10$...`: anything else may be a secret of another kind, and users' hashes can be read. */
const hashPattern = /^\$[^\s$]+\$\S+$/;
const maxReported = 20;

/** The reference to a password or hash that a change sends. */
export function findSecretRef(change: Change): SecretRef | undefined {
  if (change.action === 'create' && change.on === 'user') return change.password ?? change.hash;
  return change.action === 'change-password' ? change.password : undefined;
}

/** Whether a change sends a password that has to be generated. */
export function usesGeneratedPassword(change: Change): boolean {
  return findSecretRef(change)?.from === 'generate';
}

function fromEnv(name: string, factory: Factory): Secret {
  const { env } = factory.context;
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value === undefined) throw usageError('no-variable', `environment variable ${showName(name)} is not set`);
  return new Secret(value);
}

function describeRef(ref: SecretRef): string {
  if (ref.from === 'env') return `environment variable ${showName(ref.name)}`;
  return ref.from === 'file' ? `the password file ${ref.path}` : 'it';
}

/** One secret by its reference. */
async function readRef(
  ref: SecretRef,
  name: string,
  hashes: SecretSources['hashes'],
  factory: Factory,
): Promise<Secret> {
  if (ref.from === 'env') return fromEnv(ref.name, factory);
  if (ref.from === 'file') return readSecretFile(factory, ref.path, 'the password file');
  const hash = ref.from === 'state' ? hashes.get(name) : undefined;
  if (hash !== undefined) return hash;
  const place = ref.from === 'state' ? ref.file : ref.from;
  throw usageError('no-hash', `no password hash for this user in ${place}`);
}

/** Secrets by reference and name; what is shared by many users is read once. */
export function createSecretReader(
  hashes: SecretSources['hashes'],
  factory: Factory,
): (ref: SecretRef, name: string) => Promise<Secret> {
  const cache = new Map<string, Promise<Secret>>();
  return (ref, name) => {
    if (ref.from === 'state') return readRef(ref, name, hashes, factory);
    const key = `${ref.from} ${'path' in ref ? ref.path : 'name' in ref ? ref.name : ''}`;
    const read = cache.get(key) ?? readRef(ref, name, hashes, factory);
    cache.set(key, read);
    return read;
  };
}

/**
 * Reads all secrets that changes refer to, before anything is sent. Throws one usage error that names all that are
 * missing or empty; warns of passwords that bcrypt truncates. A password is generated just before its request.
 */
export async function readSecrets(
  changes: readonly Change[],
  { hashes, passwords, force = false }: SecretSources,
  factory: Factory,
): Promise<SecretSource> {
  const read = createSecretReader(hashes, factory);
  const problems: string[] = [];
  let tooLong = 0;
  for (const change of changes) {
    const ref = findSecretRef(change);
    if (ref === undefined || ref.from === 'generate') continue;
    try {
      const text = (await read(ref, change.name)).reveal();
      const bytes = Buffer.byteLength(text);
      if (bytes > 0 && 'hash' in change && !force && !hashPattern.test(text)) {
        problems.push(
          `user ${showName(change.name)}: ${describeRef(ref)} is not a password hash such as $2a$10$... on one line; to send it anyway, add --force`,
        );
      }
      if (bytes === 0) problems.push(`user ${showName(change.name)}: ${describeRef(ref)} is empty`);
      if (bytes > maxBcryptBytes && !('hash' in change)) tooLong += 1;
    } catch (error) {
      if (!(error instanceof KapadminError)) throw error;
      problems.push(`user ${showName(change.name)}: ${error.message}`);
    }
  }
  if (problems.length > 0) {
    const lines = someLines(problems, maxReported).map((problem) => `  ${problem}`);
    throw usageError('secrets-missing', 'cannot use these passwords or hashes:', 'No changes were made.', lines);
  }
  if (tooLong > 0)
    factory.logger.warn(
      `${tooLong === 1 ? '1 password is' : `${tooLong} passwords are`} longer than ${maxBcryptBytes} bytes; bcrypt uses only the first ${maxBcryptBytes}`,
    );
  return async (ref, { name }) => {
    if (ref.from !== 'generate') return read(ref, name);
    const file = passwords();
    if (file === undefined) throw new Error('no file for generated passwords');
    return file.getOrCreate(name);
  };
}

/** A user's reference to a password or hash, and the state file or saved plan that contains it. */
interface SecretReference {
  readonly user: string;
  readonly ref: SecretRef | undefined;
  /** The absolute path of that file; undefined for standard input. */
  readonly by: string | undefined;
}

const maxFilesReported = 20;

/** The references of state files. */
export function secretReferences({ desired, paths }: LoadedState): readonly SecretReference[] {
  return [...desired.users].map(([user, { password, hash, file }]) => {
    return { user, ref: password ?? hash, by: paths.get(file) };
  });
}

/** The password files outside the directory of their state file, after following symbolic links. */
export async function findOutsideFiles(
  references: readonly SecretReference[],
  { context }: Factory,
): Promise<readonly { readonly user: string; readonly file: string }[]> {
  const { files } = context;
  const folders = new Map<string, string>();
  const outsideFiles: { user: string; file: string }[] = [];
  for (const { user, ref, by } of references) {
    if (ref?.from !== 'file') continue;
    const folder = secretPath(by, '.', context);
    const realFolder = folders.get(folder) ?? (await files.realPath(folder));
    folders.set(folder, realFolder);
    if (!isInside(await files.realPath(ref.path), realFolder)) outsideFiles.push({ user, file: ref.path });
  }
  return outsideFiles;
}

/**
 * Throws a usage error for files outside the directory of the file that refers to them: somebody else's state file
 * must not make kapadmin send what only its user may read.
 */
export async function checkOutsideFiles(
  references: readonly SecretReference[],
  flags: { readonly allowOutsideFiles?: boolean },
  factory: Factory,
): Promise<void> {
  if (flags.allowOutsideFiles === true) return;
  const outsideFiles = await findOutsideFiles(references, factory);
  if (outsideFiles.length === 0) return;
  const lines = outsideFiles.map(({ user, file }) => `user ${quoteName(user)}: ${showFile(file)}`);
  throw usageError(
    'file-outside',
    'cannot read password files that are, or link to, files outside the directory of their state file:',
    'No changes were made. To allow these files, add --allow-outside-files.',
    someLines(lines, maxFilesReported).map((line) => `  ${line}`),
  );
}
