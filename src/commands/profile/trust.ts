import type { Command } from 'commander';
import type { Deps } from '../../deps.js';
import { usageError } from '../../errors.js';
import { nodeOrigin } from '../../model/node-url.js';
import { splitUserinfo } from '../../settings/userinfo.js';
import { escapeControls, excerpt } from '../../model/text.js';
import type { Result, View } from '../../output/view.js';
import { trustNodes } from '../../settings/trust.js';

export interface Options {
  readonly urls: readonly string[];
}

interface Trusted {
  readonly trusted: readonly string[];
  readonly file: string;
}

const view: View<Trusted> = {
  text: ({ trusted, file }) =>
    `${trusted.map((node) => `Trusted: ${node}\n`).join('')}To take it back, delete the line from ${escapeControls(file)}.\n`,
  json: (data) => data,
};

export function define(command: Command, act: (options: Options) => Promise<void>): void {
  command
    .argument('<url...>', 'meta nodes, such as https://meta1:8091')
    .addHelpText(
      'after',
      `
A file in a working tree may name a meta node. Your own credentials (environment, profile) go there only when the node
stands in a profile of yours, or is trusted.

Examples:
  kapadmin profile trust https://meta1:8091`,
    )
    .action((urls: string[]) => act({ urls }));
}

function nodeOf(text: string): string {
  const node = nodeOrigin(text);
  if (typeof node === 'string') return node;
  const shown = excerpt(splitUserinfo(text).url, 120);
  throw usageError('bad-meta-url', `"${shown}" ${node.fault}`, 'Give it as http://HOST:8091 or https://HOST:8091.');
}

export async function run({ urls }: Options, deps: Deps): Promise<Result<Trusted>> {
  const trusted = [...new Set(urls.map(nodeOf))];
  const file = await trustNodes(deps.context, trusted, deps.flags.dryRun === true);
  if (deps.flags.dryRun === true) deps.notes.note('Dry run: nothing was written.');
  return { data: { trusted, file }, view };
}
