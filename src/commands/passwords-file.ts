import { Secret } from '../model/secret.js';
import { usageError } from '../errors.js';
import type { Context } from '../context.js';
import type { AppendedFile } from '../files/writing.js';
import { generatePassword } from '../settings/secrets.js';

/** Generated passwords in a file of JSON lines; the last line of a name wins. */
export interface PasswordsFile {
  /** The password of a user: the one in the file, else a new one, which is on the disk before this resolves. */
  getOrCreate(name: string): Promise<Secret>;
  /** A new password for a user, on the disk before this resolves. */
  create(name: string): Promise<Secret>;
  close(): Promise<void>;
}

const maxFileBytes = 64 * 1024 * 1024;
const lineBeginning = '{"name":';

function readLine(line: string): readonly [string, Secret] | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { name, password } = JSON.parse(line) as { name?: unknown; password?: unknown };
    if (typeof name !== 'string' || typeof password !== 'string' || password === '') return undefined;
    return [name, new Secret(password)];
  } catch {
    return undefined;
  }
}

/** A line truncated by a crash: its request was never sent. */
function isTruncated(line: string): boolean {
  return line.startsWith(lineBeginning) || lineBeginning.startsWith(line);
}

/** Parses a passwords file. Throws a usage error for an invalid line. */
function parsePasswords(file: string, text: string): Map<string, Secret> {
  const passwords = new Map<string, Secret>();
  for (const [i, line] of text.split('\n').entries()) {
    const entry = readLine(line);
    if (entry !== undefined) passwords.set(...entry);
    else if (!isTruncated(line)) {
      const message = `${file} exists, but kapadmin --passwords-out did not write it: line ${i + 1} is not {"name","password","at"}`;
      throw usageError('bad-passwords-file', message, 'Nothing was changed. Use another file name.');
    }
  }
  return passwords;
}

/** The passwords in a file; none if it does not exist. */
export async function readPasswords(file: string, context: Context): Promise<ReadonlyMap<string, Secret>> {
  const found = await context.files.readOptional(file, maxFileBytes);
  return found === undefined ? new Map() : parsePasswords(file, found.text);
}

/** Throws a usage error for a file that cannot store passwords, as far as can be checked before opening it. */
export async function checkPasswordsFile(file: string, context: Context): Promise<void> {
  await context.files.checkWritable(file);
  await readPasswords(file, context);
}

/**
 * Opens the file for this run alone, created with mode 0600 if missing: another run that would append to it
 * waits a little and then is refused.
 */
export async function openPasswordsFile(file: string, context: Context): Promise<PasswordsFile> {
  const lock = await context.files.lock(file, context.stop);
  let appended: AppendedFile | undefined;
  let known: Map<string, Secret>;
  const close = async (): Promise<void> => {
    await appended?.close();
    await lock.release();
  };
  try {
    appended = await context.files.append(file, context.uid);
    known = parsePasswords(file, appended.text);
  } catch (error) {
    await close();
    throw error;
  }
  const { append } = appended;
  const create = async (name: string): Promise<Secret> => {
    const secret = generatePassword(context.randomBytes);
    const at = new Date(context.clock.now()).toISOString();
    await append(JSON.stringify({ name, password: secret.reveal(), at }));
    known.set(name, secret);
    return secret;
  };
  return { getOrCreate: async (name) => known.get(name) ?? create(name), create, close };
}
