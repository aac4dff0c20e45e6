import type { Outline } from '../../../kapacitor-config/outline.js';
import type { Reading } from '../../../kapacitor-config/read.js';
import { isSecretName } from './mask.js';

type Refused = Extract<Reading, { starts: false }>;

/** Whether a piece that the parser stumbled over may be a secret's: the key before it or on its line is named so. */
function mayBeSecret({ lastKey, line }: NonNullable<Outline['fault']>, text: string): boolean {
  const lines = text.split('\n').slice(Math.max(line - 2, 0), line);
  const names = lines.map((one) => /^[\s#;]*["']?([^\s=:"']*)/.exec(one)?.[1] ?? '');
  const nowhere = !/^[ \t]*\[/m.test(text);
  return nowhere || [lastKey, ...names].some((name) => isSecretName(name) || isAccountName(name));
}

/** The user name of the meta node may be a password, where the two were exchanged. */
function isAccountName(name: string): boolean {
  return /meta-?user/i.test(name);
}

const shortestPiece = 2;

/**
 * The daemon's own message, fit for a terminal: a piece of the file that it repeats is masked where a key before it is
 * named as one that holds a secret.
 */
export function daemonSays(refused: Refused, file: Outline): string {
  const { message, secretPiece } = refused;
  const fault = message.startsWith('parse config: ') ? file.fault : undefined;
  const strange = fault !== undefined && mayBeSecret(fault, file.text) ? fault.piece : undefined;
  const pieces = [secretPiece, strange].filter((piece) => piece !== undefined && piece.length >= shortestPiece);
  const masked = pieces.reduce<string>((text, piece) => text.replaceAll(piece ?? '', '***'), message);
  return masked.replace(/:[^\s"':]{1,200}@/g, ':***@');
}
