import { textOf, type Layer } from './layers.js';
import { usageError } from '../errors.js';
import type { Context } from '../context.js';
import type { Credentials } from '../meta/api.js';
import type { Secret } from '../model/secret.js';
import type { Notes } from '../output/logger.js';
import { placeOf } from './origin.js';
import type { PartName } from './parts.js';
import { readSecretFile, secretOf } from './secret-text.js';
import { readStdin } from './stdin.js';

/** Asks for the password of an account. */
export type Ask = (question: string) => Promise<Secret>;

interface SecretDeps {
  readonly context: Context;
  readonly notes: Pick<Notes, 'warn'>;
}

async function secretFrom(given: Layer, name: PartName, deps: SecretDeps): Promise<Secret | undefined> {
  const value = given.get(name);
  if (value === undefined) return undefined;
  const place = placeOf(value.origin, name);
  const [file] = value.texts;
  if (value.secret !== undefined) return value.secret;
  if (name === 'passwordStdin') return secretOf(await readStdin(deps.context, place), place);
  return file === undefined ? undefined : readSecretFile(deps, file, place);
}

/**
 * Who sends the requests. Reads files or standard input for the secret; asks for it (`ask`) where a user name stands
 * alone, or throws a usage error where nobody can be asked.
 */
export async function credentialsOf(given: Layer, deps: SecretDeps, ask: Ask | undefined): Promise<Credentials> {
  const name = textOf(given, 'username');
  if (name?.text === '') throw usageError('bad-setting', `${name.place}: the user name is empty`);
  const shared = await secretFrom(given, 'secretFile', deps);
  if (shared !== undefined) return { kind: 'bearer', username: name?.text ?? '', secret: shared };
  const password =
    (await secretFrom(given, 'passwordStdin', deps)) ??
    (await secretFrom(given, 'password', deps)) ??
    (await secretFrom(given, 'passwordFile', deps));
  if (name !== undefined && password !== undefined) return { kind: 'basic', username: name.text, password };
  if (password !== undefined) {
    const where = [...given].find(([key]) => ['passwordStdin', 'password', 'passwordFile'].includes(key));
    const place = where === undefined ? 'the password' : placeOf(where[1].origin, where[0]);
    throw usageError(
      'no-username',
      `${place} gives a password, and nothing gives its user`,
      'Give --meta-username NAME.',
    );
  }
  if (name === undefined) return { kind: 'none' };
  if (ask === undefined) {
    const message = `no password for the meta account "${name.text}" (${name.place})`;
    throw usageError(
      'no-meta-password',
      message,
      'Give --meta-password-stdin, --meta-password-file FILE or KAPADMIN_META_PASSWORD; an empty file is an empty password.',
    );
  }
  return { kind: 'basic', username: name.text, password: await ask(`Password of the meta account ${name.text}`) };
}
