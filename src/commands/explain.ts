import type { Command } from 'commander';
import { KapadminError } from '../errors.js';
import { excerpt, nearest } from '../model/text.js';
import { topicsView, topicView } from '../output/views/explain.js';
import type { Result } from '../output/view.js';
import { topics } from '../diagnostics/topics.js';

export const formats = ['csv', 'name'] as const;

interface ExplainOptions {
  /** Absent: all. */
  readonly id?: string;
}

export function define(command: Command, action: (options: ExplainOptions) => Promise<void>): void {
  command
    .argument('[id]', 'finding, rule of a trace, or open question, such as noauth or 3.4 (default: list all)')
    .addHelpText(
      'after',
      '\nExamples:\n  kapadmin explain\n  kapadmin explain shared-secret-empty\n  kapadmin explain 3.4',
    )
    .action((id: string | undefined) => action(id === undefined ? {} : { id }));
}

function hintFor(id: string): string {
  if (/^[45]\d\d$/.test(id)) return `To find out why Kapacitor responds with ${id}: kapadmin auth test --url URL`;
  const near = nearest(id, [...topics.keys()]);
  return near === undefined ? 'List all: kapadmin explain' : `Did you mean "${near}"?`;
}

export function run({ id }: ExplainOptions): Promise<Result<unknown>> {
  if (id === undefined) return Promise.resolve({ data: [...topics.values()], view: topicsView });
  const topic = topics.get(id);
  if (topic !== undefined) return Promise.resolve({ data: topic, view: topicView });
  const what = `finding, rule or open question "${excerpt(id, 60)}" not found`;
  throw new KapadminError('not-found', 'no-such-topic', what, { hint: hintFor(id) });
}
