import { fields, knownField, type Field, type Outline, type Reading } from '../../../kapacitor/configuration/index.js';

type Refused = Extract<Reading, { starts: false }>;

/** The fields whose values may be told. */
const open: ReadonlySet<Field> = new Set(
  Object.values<Field>({ ...fields.http, ...fields.auth }).filter(
    (field) => field.isSecret !== true && field !== fields.auth.metaUsername,
  ),
);

function isOpen(lastKey: string): boolean {
  const [section, key] = lastKey.toLowerCase().split('.');
  if (key === undefined || (section !== 'http' && section !== 'auth')) return false;
  const field = knownField(section, key);
  return field !== undefined && open.has(field);
}

const shortestPiece = 2;

/**
 * The daemon's own message, fit for a terminal: a piece of the file that it repeats is masked unless it belongs to a
 * key that is known to hold no secret.
 */
export function daemonSays(refused: Refused, file: Outline): string {
  const { message, secretPiece } = refused;
  const fault = message.startsWith('parse config: ') ? file.fault : undefined;
  const strange = fault !== undefined && !isOpen(fault.lastKey) ? fault.piece : undefined;
  const pieces = [secretPiece, strange].filter((piece) => piece !== undefined && piece.length >= shortestPiece);
  const masked = pieces.reduce<string>((text, piece) => text.replaceAll(piece ?? '', '***'), message);
  return masked;
}
