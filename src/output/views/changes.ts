import { type Change, describeDone, describePlanned } from '../../mutations/change.js';
import type { KapadminError } from '../../errors.js';
import { type Style, styled, type Text } from '../style.js';
import type { View } from '../view.js';

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
