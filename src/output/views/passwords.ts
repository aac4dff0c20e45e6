import type { Secret } from '../../model/secret.js';
import type { View } from '../view.js';
import { renderTable } from '../table.js';
import { type Style, type Lines, type Text, styled } from '../style.js';
import { flushCommand } from '../../model/shell-command.js';
import { showFile } from '../../model/text.js';
import { type ShownChange, changeLine, shownChangeJson } from './changes.js';

/** A user and the password that was made for it; null where it got none. */
export interface GeneratedPassword {
  readonly name: string;
  readonly password: Secret | null;
}

function json({ name, password }: GeneratedPassword): object {
  return { name, password: password?.reveal() ?? null };
}

/**
 * What `--generate` prints, the only place where a password is shown: for one user the password alone; for several a
 * table, and in JSON an array.
 */
export const passwordsView: View<readonly GeneratedPassword[]> = {
  text: (made, style) => {
    const [only] = made;
    if (made.length === 1 && only !== undefined) return only.password === null ? [] : [only.password.reveal()];
    const rows = made.flatMap(({ name, password }) => (password === null ? [] : [[name, password.reveal()]]));
    return renderTable({ columns: ['name', 'password'], rows }, { ...style, columns: undefined });
  },
  json: (made) => {
    const [only] = made;
    return made.length === 1 && only !== undefined ? json(only) : made.map(json);
  },
};

/** What Kapacitor may still do with the passwords; times as ISO 8601. */
export interface KapacitorOutlook {
  /** What its configuration comes from, or what is assumed of it. */
  readonly basis: string;
  readonly assumed: boolean;
  /** Until then an old password may be accepted. */
  readonly oldUntil: string;
  /** Until then the first login with a new one may be refused; null: it never is. */
  readonly newRefusedUntil: string | null;
}

export interface RotationResult {
  readonly changes: readonly ShownChange[];
  /** Users whose new password a read has shown to be in force. */
  readonly verified: ReadonlySet<string>;
  readonly passwordsOut: string;
  /** Null if Kapacitor does not check these passwords, or nothing was changed. */
  readonly kapacitor: KapacitorOutlook | null;
}

function outlookLines(
  { basis, assumed, oldUntil, newRefusedUntil }: KapacitorOutlook,
  users: readonly string[],
  { color }: Style,
): Lines {
  return [
    color.bold(`Kapacitor (${assumed ? 'assumed: ' : ''}${basis}):`),
    `  an old password may still be accepted until ${oldUntil} (1h plus cache-expiration), or until the new one is first accepted`,
    newRefusedUntil === null
      ? '  new passwords are accepted at once'
      : `  the first login with a new password may be rejected until ${newRefusedUntil}; the next attempt is accepted`,
    `  to make it forget the old ones at once: ${String(flushCommand(users))}`,
  ];
}

export const rotationView: View<RotationResult> = {
  text: ({ changes, verified, passwordsOut, kapacitor }, style) => {
    const lines = changes.flatMap((entry): Text[] => {
      const changeText = changeLine(entry, style);
      if (changeText === undefined) return [];
      const isDone = entry.status === 'done';
      return [isDone && verified.has(entry.change.name) ? styled`${changeText}, verified` : changeText];
    });
    const isChanged = ({ status }: ShownChange): boolean => status === 'done' || status === 'unknown';
    const changed = changes.filter(isChanged).map(({ change }) => change.name);
    if (changed.length > 0) lines.push(`The new passwords were saved to ${showFile(passwordsOut)}.`);
    if (kapacitor !== null) lines.push(...outlookLines(kapacitor, changed, style));
    return lines;
  },
  json: ({ changes, verified, passwordsOut, kapacitor }) => ({
    changes: changes.map((entry) => ({ ...shownChangeJson(entry), verified: verified.has(entry.change.name) })),
    passwordsOut,
    kapacitor,
  }),
};
