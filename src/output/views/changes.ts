import { type Change, describeDone, describePlanned } from '../../mutations/change.js';
import type { KapadminError } from '../../errors.js';
import { type Lines, type Style, styled, type Text } from '../style.js';
import type { View } from '../view.js';
import type { Secret } from '../../model/secret.js';
import { renderTable } from '../table.js';
import { flushCommand } from '../../model/shell-command.js';
import { showFile } from '../../model/text.js';

/** A change and how it ended; `planned` in a dry run. */
export interface ShownChange {
  readonly change: Change;
  readonly status: 'planned' | 'done' | 'unchanged' | 'failed' | 'unknown' | 'not-started';
  readonly error?: KapadminError;
  readonly because?: string;
  /** The error of the command names it. */
  readonly isReported?: boolean;
}

/** The result of every command that writes. */
export interface ShownChanges {
  readonly dryRun: boolean;
  readonly changes: readonly ShownChange[];
}

export function changeLine(
  { change, status, error, because, isReported }: ShownChange,
  { color }: Style,
): Text | undefined {
  if (isReported === true) return undefined;
  switch (status) {
    case 'done':
      return describeDone(change);
    case 'planned':
      return `would ${describePlanned(change)}`;
    case 'unchanged':
      return undefined;
    case 'failed':
      return styled`${color.red('failed:')} ${error?.message ?? describePlanned(change)}`;
    case 'unknown':
      return styled`${color.red('result unknown:')} ${describePlanned(change)} (${error?.message ?? ''})`;
    case 'not-started':
      return styled`${color.yellow('not started:')} ${describePlanned(change)}${because === undefined ? '' : ` (${because})`}`;
  }
}

/** A change as it is shown: no password, no reference to one. */
export function changeJson(change: Change): object {
  const { on, name, action } = change;
  return {
    on,
    name,
    action,
    ...('permissions' in change
      ? { permissions: Object.fromEntries(change.permissions.map(({ scope, permissions }) => [scope, permissions])) }
      : {}),
    ...('users' in change ? { users: change.users } : {}),
  };
}

export function shownChangeJson({ change, status, error, because }: ShownChange): object {
  const fault =
    error === undefined
      ? {}
      : {
          error: {
            code: error.code,
            message: error.message,
            ...(error.hint === undefined ? {} : { hint: error.hint }),
          },
        };
  return { ...changeJson(change), status, ...fault, ...(because === undefined ? {} : { because }) };
}

export const changesView: View<ShownChanges> = {
  text: ({ changes }, style) => changes.map((entry) => changeLine(entry, style)).filter((text) => text !== undefined),
  json: ({ dryRun, changes }) => ({ dryRun, changes: changes.map(shownChangeJson) }),
};

/** What a read of the users without credentials gives. */
export type AnonymousRead = 'refused' | 'allowed' | 'unknown';

interface BootstrapResult extends ShownChanges {
  /** Null where it was not tried. */
  readonly anonymousRead: AnonymousRead | null;
}

export const bootstrapView: View<BootstrapResult> = {
  text: (data, style) => changesView.text(data, style),
  json: (data) => ({ ...(changesView.json(data) as object), anonymousRead: data.anonymousRead }),
};

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
