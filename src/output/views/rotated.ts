import { showFile } from '../../model/text.js';
import type { Style } from '../style.js';
import { styled, type Lines, type Text } from '../styled.js';
import type { View } from '../view.js';
import { entryJson, line, type WrittenChange } from './written.js';

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

export interface Rotated {
  readonly changes: readonly WrittenChange[];
  /** Users whose new password a read has shown to be in force. */
  readonly verified: ReadonlySet<string>;
  readonly passwordsOut: string;
  /** Null where Kapacitor does not go by these passwords, or nothing was changed. */
  readonly kapacitor: KapacitorOutlook | null;
}

function outlookLines({ basis, assumed, oldUntil, newRefusedUntil }: KapacitorOutlook, { color }: Style): Lines {
  return [
    color.bold(`Kapacitor (${assumed ? 'assumed: ' : ''}${basis}):`),
    `  an old password may be accepted until ${oldUntil}, unless the new one was used in between`,
    newRefusedUntil === null
      ? '  a new password is accepted at once'
      : `  the first login with a new password may be refused until ${newRefusedUntil}; the next try is accepted`,
  ];
}

export const rotatedView: View<Rotated> = {
  text: ({ changes, verified, passwordsOut, kapacitor }, style) => {
    const lines = changes.flatMap((entry): Text[] => {
      const told = line(entry, style);
      if (told === undefined) return [];
      const isDone = entry.status === 'done';
      return [isDone && verified.has(entry.change.name) ? styled`${told}, verified` : told];
    });
    const isChanged = changes.some(({ status }) => status === 'done' || status === 'unknown');
    if (isChanged) lines.push(`The new passwords are in ${showFile(passwordsOut)}.`);
    if (kapacitor !== null) lines.push(...outlookLines(kapacitor, style));
    return lines;
  },
  json: ({ changes, verified, passwordsOut, kapacitor }) => ({
    changes: changes.map((entry) => ({ ...entryJson(entry), verified: verified.has(entry.change.name) })),
    passwordsOut,
    kapacitor,
  }),
};
