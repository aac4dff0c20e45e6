import type { Command } from 'commander';
import type { Deps } from '../../deps.js';
import { usageError } from '../../errors.js';
import { nodeOrigin } from '../../model/node-url.js';
import { splitUserinfo } from '../../settings/userinfo.js';
import { excerpt } from '../../model/text.js';
import type { Result, View } from '../../output/view.js';
import { trustNodes } from '../../settings/trust.js';
import { told } from './told.js';

export interface Options {
  readonly urls: readonly string[];
}

interface Trusted {
  readonly trusted: readonly string[];
  readonly file: string;
  /** Nothing was written. */
  readonly dryRun: boolean;
}

const view: View<Trusted> = {
  text: ({ trusted, file, dryRun }) => {
    const lines = trusted.map((node) => `Trusted: ${node}`);
    return told([...lines, `To take it back, delete the line from ${file}.`], dryRun);
  },
  json: (data) => data,
};

export function define(command: Command, act: (options: Options) => Promise<void>): void {
  command
    .argument('<url...>', 'meta nodes, such as https://meta1:8091')
    .addHelpText(
      'after',
      `
A file in a working tree may name a meta node. Your own credentials (environment,
profile) go there only when the node stands in a profile of yours, or is trusted.

Examples:
  kapadmin profile trust https://meta1:8091
  kapadmin profile trust https://meta1:8091 https://meta2:8091`,
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
  const dryRun = deps.flags.dryRun === true;
  const file = await trustNodes(deps.context, trusted, dryRun);
  return { data: { trusted, file, dryRun }, view };
}
