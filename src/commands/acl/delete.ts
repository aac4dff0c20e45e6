import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import { KapadminError, usageError } from '../../errors.js';
import type { AclEntry, AclKind } from '../../model/acl.js';
import { quoteNames } from '../../model/text.js';
import type { AclChanges } from '../../output/views/acl.js';
import type { Result } from '../../output/view.js';
import { checkCanConfirm, confirmDeletion } from '../prompts.js';
import { aclHelp, executeAcl, readAcl } from './rule-changes.js';

interface DeleteOptions {
  readonly entries: readonly string[];
  readonly yes?: boolean;
}

export function define(command: Command, action: (options: DeleteOptions) => Promise<void>): void {
  command
    .argument('<entry...>', 'restriction/ID or grant/ID, as acl list shows them')
    .option('--yes', 'do not ask for confirmation')
    .addHelpText(
      'after',
      `${aclHelp}\nExamples:\n  kapadmin acl delete restriction/3\n  kapadmin acl delete grant/1 grant/2 --yes`,
    )
    .action((entries: string[], flags: Omit<DeleteOptions, 'entries'>) => action({ ...flags, entries }));
}

function parseEntry(name: string): { kind: AclKind; id: string } {
  const [, kind, id = ''] = /^(restriction|grant)\/(?!\.{1,2}$)(.+)$/s.exec(name) ?? [];
  if (kind !== undefined) return { kind: kind as AclKind, id };
  throw usageError('bad-entry', `${quoteNames([name])} is not restriction/ID or grant/ID`, 'See kapadmin acl list.');
}

export async function run({ entries, yes = false }: DeleteOptions, factory: Factory): Promise<Result<AclChanges>> {
  const wanted = [...new Set(entries)].map(parseEntry);
  for (const { kind, id } of wanted) checkCanConfirm(kind, [id], yes, factory);
  const before: AclEntry[] = [];
  for (const kind of new Set(wanted.map((one) => one.kind))) before.push(...(await readAcl(kind, factory)));
  const changes = wanted.map(({ kind, id }) => {
    const entry = before.find((one) => one.kind === kind && one.id === id);
    if (entry !== undefined) return { action: 'delete' as const, ...entry };
    const message = `cannot delete ${kind}/${id}: not found`;
    throw new KapadminError('not-found', 'acl-not-found', message, { hint: 'See kapadmin acl list.' });
  });
  for (const { kind, id } of wanted) await confirmDeletion(kind, [id], yes, factory);
  return executeAcl(changes, before, factory);
}
