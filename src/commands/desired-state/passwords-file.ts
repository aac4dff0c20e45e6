import type { Context } from '../../context.js';
import type { AppendedFile } from '../../files/append-file.js';
import { usageError } from '../../errors.js';
import { Secret } from '../../model/secret.js';
import { generatePassword } from '../../settings/password.js';

/** Generated passwords, in a file of JSON lines: the last line of a name counts. */
export interface PasswordsFile {
  /** The password of a user: the one in the file, else a new one, which is on the disk before this resolves. */
  keep(name: string): Promise<Secret>;
  /** A new password for a user, on the disk before this resolves. */
  renew(name: string): Promise<Secret>;
  close(): Promise<void>;
}

const maxFileBytes = 64 * 1024 * 1024;
const lineStart = '{"name":';

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

/** A line that a crash cut off: the request for which it was written was never sent. */
function isCut(line: string): boolean {
  return line.startsWith(lineStart) || lineStart.startsWith(line);
}

/** The passwords in a text. Throws a usage error for a line that no passwords file has. */
function parse(file: string, text: string): Map<string, Secret> {
  const passwords = new Map<string, Secret>();
  for (const [i, line] of text.split('\n').entries()) {
    const entry = readLine(line);
    if (entry !== undefined) passwords.set(...entry);
    else if (!isCut(line)) {
      const message = `${file} is no passwords file: see line ${i + 1}`;
      throw usageError('bad-passwords-file', message, 'Name another file; this one was left as it is.');
    }
  }
  return passwords;
}

/** The passwords that a file holds, none where it is not there. */
export async function readPasswords(file: string, context: Context): Promise<ReadonlyMap<string, Secret>> {
  const found = await context.files.readIfThere(file, maxFileBytes);
  return found === undefined ? new Map() : parse(file, found.text);
}

/** Throws the usage error of a file that cannot take passwords, as far as it can be known before it is opened. */
export async function checkPasswordsFile(file: string, context: Context): Promise<void> {
  await context.files.checkWritable(file);
  await readPasswords(file, context);
}

/**
 * Opens the file, which is made (0600) where it is not there, for this run alone: another run that would add to it
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
    known = parse(file, appended.text);
  } catch (error) {
    await close();
    throw error;
  }
  const { append } = appended;
  const renew = async (name: string): Promise<Secret> => {
    const secret = generatePassword(context.randomBytes);
    const at = new Date(context.clock.now()).toISOString();
    await append(JSON.stringify({ name, password: secret.reveal(), at }));
    known.set(name, secret);
    return secret;
  };
  return { keep: async (name) => known.get(name) ?? renew(name), renew, close };
}
