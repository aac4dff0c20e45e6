import type { KapadminError } from '../../errors.js';
import { type AclEntry, type AclKind, describeAcl } from '../../model/acl.js';
import { styled, type Text } from '../style.js';
import { listView } from '../table.js';
import type { View } from '../view.js';

/** Said in each JSON, and noted elsewhere. */
export const aclMark = 'experimental: built from the documentation';

function nameOf({ kind, id }: AclEntry): string {
  return id === undefined ? kind : `${kind}/${id}`;
}

const list = listView<AclEntry>({
  columns: ['name', 'permissions', 'on', 'for', 'others'],
  row: (entry) => {
    const { permissions, on, whom, others } = describeAcl(entry.fields);
    return [nameOf(entry), permissions.join(', '), on.join(', '), whom.join(', '), others];
  },
  json: ({ fields }) => fields,
  name: nameOf,
  empty: 'no restrictions or grants',
});

export const aclListView: View<readonly AclEntry[]> = {
  ...list,
  json: (entries) => {
    const of = (wanted: AclKind) => entries.filter(({ kind }) => kind === wanted).map(({ fields }) => fields);
    return { note: aclMark, restrictions: of('restriction'), grants: of('grant') };
  },
};

/** A restriction or grant to create or delete. */
export interface AclChange extends AclEntry {
  readonly action: 'create' | 'delete';
}

export interface AclChangeResult extends AclChange {
  readonly status: 'planned' | 'done' | 'unchanged' | 'failed' | 'unknown' | 'not-started';
  readonly error?: KapadminError;
}

export interface AclChanges {
  readonly dryRun: boolean;
  readonly changes: readonly AclChangeResult[];
}

/** An entry in words: `grant/3 (read on database telegraf for role ops)`. */
export function aclSentence(entry: AclEntry): string {
  const { permissions, on, whom, others } = describeAcl(entry.fields);
  const whose = whom.length === 0 ? '' : ` for ${whom.join(', ')}`;
  return `${nameOf(entry)} (${permissions.join(', ')} on ${on.join(', ')}${whose}${others === '' ? '' : `, ${others}`})`;
}

export const aclChangesView: View<AclChanges> = {
  text: ({ changes }, { color }) =>
    changes.flatMap((change): Text[] => {
      const { status, action } = change;
      if (status === 'done') return [`${action}d ${aclSentence(change)}`];
      if (status === 'planned') return [`would ${action} ${aclSentence(change)}`];
      if (status === 'unchanged') return [];
      const word = { failed: 'failed:', unknown: 'outcome unknown:', 'not-started': 'not started:' }[status];
      return [styled`${color.red(word)} ${action} ${aclSentence(change)}`];
    }),
  json: ({ dryRun, changes }) => ({
    note: aclMark,
    dryRun,
    changes: changes.map(({ error, id, ...change }) => ({
      ...change,
      id: id ?? null,
      ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
    })),
  }),
};
