import type { Command } from 'commander';
import type { Factory } from '../../cli/factory.js';
import { Secret } from '../../model/secret.js';
import { templateView } from '../../output/views/config-commands.js';
import type { Result } from '../../output/view.js';
import { configTemplate, type ConfigTemplate } from '../../diagnostics/config/template.js';
import { resolveLayers, nodeUrls } from '../../settings/settings.js';
import { generatePassword, generateSharedSecret } from '../../settings/secrets.js';
import { connectionTlsFiles } from '../../settings/credentials.js';

export function define(command: Command, action: (options: object) => Promise<void>): void {
  command
    .addHelpText(
      'after',
      `
The meta node is that of the connection (--meta-url, KAPADMIN_META_URL or a
profile). The output contains two new secrets: --out FILE writes them to a file
with mode 0600 instead of the screen.

Examples:
  kapadmin config init --meta-url https://meta1:8091 --meta-ca ca.pem --out kapacitor.conf
  kapadmin config init -o json`,
    )
    .action(() => action({}));
}

export async function run(_: object, factory: Factory): Promise<Result<ConfigTemplate>> {
  const { context, flags } = factory;
  const { merged: given } = await resolveLayers(flags, context, await factory.userConfig());
  const [node = 'http://localhost:8091'] = nodeUrls(given);
  const { protocol, host } = new URL(node);
  const isKnown = given.get('url')?.origin.from !== 'default';
  const { ca = '' } = connectionTlsFiles(given);
  const data = configTemplate({
    metaAddr: host,
    metaUseTls: protocol === 'https:',
    metaCa: ca,
    connection: isKnown ? ['--meta-url', node, ...(ca === '' ? [] : ['--meta-ca', ca])] : [],
    sharedSecret: new Secret(generateSharedSecret(factory)),
    password: generatePassword(context.randomBytes),
  });
  return { data, view: templateView };
}
