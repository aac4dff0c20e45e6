import type { Change } from '../../mutations/change.js';
import { showFile } from '../../model/text.js';
import { styled } from '../styled.js';
import type { View } from '../view.js';
import { summaryOf } from './plan.js';
import { entryJson, line, type WrittenChange } from './written.js';

/** What became of a plan. */
export interface Applied {
  readonly changes: readonly WrittenChange[];
  /** Files that were written; null where none was. */
  readonly undo: string | null;
  readonly passwordsOut: string | null;
}

/** More than these are counted; what failed is always named. */
const mostNamed = 50;

const verbs: Readonly<Record<Change['action'], string>> = {
  create: 'created',
  delete: 'deleted',
  'change-password': 'set the passwords of',
  'add-permissions': 'gave permissions to',
  'remove-permissions': 'took permissions from',
  'add-users': 'added members to',
  'remove-users': 'removed members from',
};

/** `created 20000 users, gave permissions to 20000 users` */
function counted(changes: readonly WrittenChange[]): string {
  const groups = new Map<string, { readonly change: Change; readonly names: Set<string> }>();
  for (const { change } of changes) {
    const key = `${change.action} ${change.on}`;
    const group = groups.get(key) ?? { change, names: new Set<string>() };
    group.names.add(change.name);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ change, names }) => `${verbs[change.action]} ${names.size} ${change.on}${names.size === 1 ? '' : 's'}`)
    .join(', ');
}

/** Each change that was done, or how many; each that was not. */
export const appliedView: View<Applied> = {
  text: ({ changes, undo, passwordsOut }, style) => {
    const done = changes.filter(({ status }) => status === 'done');
    const wrong = changes.filter(({ status }) => status === 'failed' || status === 'unknown');
    const left = changes.filter(({ status }) => status === 'not-started');
    const told = done.length > mostNamed ? [`Done: ${counted(done)}.`] : done.map((entry) => line(entry, style) ?? '');
    const files = [
      ...(undo === null ? [] : [`The state before is in ${showFile(undo)}.`]),
      ...(passwordsOut === null ? [] : [`Generated passwords were saved to ${showFile(passwordsOut)}.`]),
    ];
    const notStarted =
      left.length > mostNamed
        ? [styled`${style.color.yellow('not started:')} ${summaryOf(left.map(({ change }) => change))}`]
        : left.map((entry) => line(entry, style) ?? '');
    const failed = wrong.flatMap((entry) => line(entry, style) ?? []);
    const lines = [...told, ...failed, ...notStarted, ...files];
    return changes.every(({ status }) => status === 'unchanged') ? ['Nothing to do: the cluster is as wanted.'] : lines;
  },
  json: ({ changes, undo, passwordsOut }) => ({ changes: changes.map(entryJson), undo, passwordsOut }),
};
