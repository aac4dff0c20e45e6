import { assignmentLine, commandLine, exportLine, type ShellCommand } from '../../model/shell-command.js';
import type { Secret } from '../../model/secret.js';
import { type ConfigField, configFields, type ConfigSection, variableName } from '../../kapacitor-config/fields.js';
import { tomlString } from './edit.js';

/** What a new configuration is made of. */
export interface ConfigTemplateInput {
  /** `HOST:PORT` of the meta node. */
  readonly metaAddr: string;
  readonly metaUseTls: boolean;
  /** Path of the CA file; empty where none is known. */
  readonly metaCa: string;
  /** The connection flags of the commands that make the account. */
  readonly connection: readonly string[];
  readonly sharedSecret: Secret;
  readonly password: Secret;
}

export interface ConfigTemplate {
  readonly config: string;
  /** Lines for a file of systemd, which say the same. */
  readonly environment: readonly string[];
  /** Make Kapacitor's own account on the cluster. */
  readonly commands: readonly ShellCommand[];
}

const account = 'kapacitor';

interface TemplateLine {
  readonly section: ConfigSection;
  readonly field: ConfigField;
  readonly literal: string;
  readonly comment: string;
  /** Also worth a variable. */
  readonly isVariable?: true;
}

function templateLines({
  metaAddr,
  metaUseTls,
  metaCa,
  sharedSecret,
  password,
}: ConfigTemplateInput): readonly TemplateLine[] {
  const { http, auth } = configFields;
  const ours = (field: ConfigField, literal: string, comment: string): TemplateLine => ({
    section: 'http',
    field,
    literal,
    comment,
  });
  const users = (field: ConfigField, literal: string, comment: string): TemplateLine => ({
    section: 'auth',
    field,
    literal,
    comment,
  });
  return [
    ours(
      http.bindAddress,
      '"127.0.0.1:9092"',
      'local connections only; for other machines use ":9092" and turn https on',
    ),
    { ...ours(http.authEnabled, 'true', 'require credentials'), isVariable: true },
    ours(http.logEnabled, 'true', 'log requests'),
    ours(http.writeTracing, 'false', 'log write requests'),
    ours(http.pprofEnabled, 'false', 'these pages require no credentials'),
    ours(http.httpsEnabled, 'false', 'set to true if other machines connect'),
    ours(
      http.httpsCertificate,
      '"/etc/ssl/kapacitor.pem"',
      'certificate, with its key unless https-private-key is set',
    ),
    ours(http.httpsPrivateKey, '""', ''),
    ours(http.shutdownTimeout, '"10s"', ''),
    {
      ...ours(
        http.sharedSecret,
        tomlString(sharedSecret.reveal()),
        'signs bearer tokens: anyone who knows it can act as any user',
      ),
      isVariable: true,
    },
    { ...users(auth.enabled, 'true', 'check credentials; otherwise any password is accepted'), isVariable: true },
    {
      ...users(auth.cacheExpiration, '"10m"', 'how long users are cached, with permissions and hash'),
      isVariable: true,
    },
    { ...users(auth.bcryptCost, '10', 'for passwords of LDAP users; the daemon requires 4 or more'), isVariable: true },
    { ...users(auth.metaAddr, tomlString(metaAddr), 'host and port of one meta node only'), isVariable: true },
    { ...users(auth.metaUsername, tomlString(account), "Kapacitor's own account"), isVariable: true },
    { ...users(auth.metaPassword, tomlString(password.reveal()), ''), isVariable: true },
    users(auth.metaInternalSharedSecret, '""', 'instead of the account; takes precedence if set'),
    { ...users(auth.metaUseTls, String(metaUseTls), 'use https for the meta node'), isVariable: true },
    users(auth.metaCa, tomlString(metaCa), 'CA of the meta nodes; empty: CAs of the system'),
    users(auth.metaCert, '""', 'client certificate, with its key'),
    users(auth.metaKey, '""', ''),
    users(auth.metaInsecureSkipVerify, 'false', ''),
  ];
}

function sectionText(section: ConfigSection, lines: readonly TemplateLine[]): string {
  const texts = lines
    .filter((line) => line.section === section)
    .map(({ field, literal, comment }) => `  ${field.key} = ${literal}${comment === '' ? '' : ` # ${comment}`}`);
  return [`[${section}]`, ...texts, ''].join('\n');
}

/** A value as systemd and a shell read it. */
function assignment({ section, field, literal }: TemplateLine): string {
  const value = literal.startsWith('"') ? (JSON.parse(literal) as string) : literal;
  return String(assignmentLine(variableName(section, field), value));
}

/**
 * The data directory of the packages: the daemon does not start without one, and it must come before the first section.
 */
const dataDir = 'data_dir = "/var/lib/kapacitor" # tasks, templates and local users\n';

/** New sections [http] and [auth], with what else is needed. */
export function configTemplate(input: ConfigTemplateInput): ConfigTemplate {
  const lines = templateLines(input);
  const variable = variableName('auth', configFields.auth.metaPassword);
  const flags = ['--password-env', variable, '--grant', 'CreateUserAndRole', ...input.connection];
  return {
    config: [dataDir, ...(['http', 'auth'] as const).map((section) => sectionText(section, lines))].join('\n'),
    environment: lines.filter(({ isVariable }) => isVariable).map(assignment),
    commands: [
      exportLine({ variable, value: input.password.reveal() }),
      commandLine('kapadmin user create', [account], flags),
    ],
  };
}
