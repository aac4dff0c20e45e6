import type { Command } from 'commander';
import { KapadminError } from '../errors.js';
import { excerpt, nearest } from '../model/text.js';
import { rulesView, ruleView } from '../output/views/rules.js';
import type { Result } from '../output/view.js';
import { rules } from '../diagnostics/rules/registry.js';

export const formats = ['csv', 'name'] as const;

interface ExplainOptions {
  /** Absent: all. */
  readonly id?: string;
}

export function define(command: Command, action: (options: ExplainOptions) => Promise<void>): void {
  command
    .argument('[id]', 'identifier of a finding, such as noauth (default: list all)')
    .addHelpText('after', '\nExamples:\n  kapadmin explain\n  kapadmin explain shared-secret-empty')
    .action((id: string | undefined) => action(id === undefined ? {} : { id }));
}

export function run({ id }: ExplainOptions): Promise<Result<unknown>> {
  if (id === undefined) return Promise.resolve({ data: [...rules.values()], view: rulesView });
  const rule = rules.get(id);
  if (rule !== undefined) return Promise.resolve({ data: rule, view: ruleView });
  const near = nearest(id, [...rules.keys()]);
  const hint = near === undefined ? 'List all findings: kapadmin explain' : `Did you mean "${near}"?`;
  throw new KapadminError('not-found', 'no-such-finding', `unknown finding "${excerpt(id, 60)}"`, { hint });
}
