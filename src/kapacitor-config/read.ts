import { parsePort } from '../go-compat/net.js';
import { parseDecimal } from '../go-compat/strconv.js';
import {
  applyEnvironment,
  decodeToml,
  ConfigBuilder,
  StartError,
  type StartErrorDetails,
  syntaxStartError,
} from './decode.js';
import { type Configuration, configFields } from './fields.js';
import { parseToml } from './toml/parse.js';
import { defaultVersion, type KapacitorVersion } from '../model/kapacitor-versions.js';

const minCost = 4n;

function costError(builder: ConfigBuilder): string | undefined {
  if (builder.get(configFields.auth.enabled).value !== true) return undefined;
  const cost = builder.get(configFields.auth.bcryptCost).value;
  if (typeof cost !== 'bigint' || cost >= minCost) return undefined;
  return `auth: must provide a bcrypt cost >= ${minCost}, got ${cost}`;
}

/** An empty port is valid: the daemon then listens on any port. */
function addressError(builder: ConfigBuilder): string | undefined {
  const address = String(builder.get(configFields.http.bindAddress).value);
  const parsed = parsePort(address);
  if ('error' in parsed) return `http: invalid http bind address ${address}: ${parsed.error}`;
  if (parsed.port === '') return undefined;
  const port = parseDecimal(parsed.port);
  if (typeof port === 'string') return `http: invalid http bind address port ${parsed.port}: ${port}`;
  return port > 65535n || port < 0n ? `http: invalid http bind address port ${port}: out of range` : undefined;
}

/** The daemon's own checks that need no files (server/config.go, Validate). */
function validate(builder: ConfigBuilder): void {
  const fault = costError(builder) ?? addressError(builder);
  if (fault === undefined) return;
  const hint = 'To generate a valid configuration file run `kapacitord config > kapacitor.generated.conf`.';
  throw new StartError(`create server: invalid configuration: ${fault}. ${hint}`);
}

export type ConfigResult =
  | { readonly starts: true; readonly configuration: Configuration }
  | ({ readonly starts: false; readonly message: string } & StartErrorDetails);

/**
 * The configuration that the daemon uses: the file, overridden by the environment, then the checks that need no files.
 * If the daemon does not start, its own message. Never throws, for any file and environment.
 */
export function readConfiguration(
  file: string | Uint8Array,
  env: ReadonlyMap<string, string>,
  version: KapacitorVersion = defaultVersion,
): ConfigResult {
  try {
    const builder = new ConfigBuilder();
    const document = parseToml(file, version);
    if (document.fault !== undefined) throw syntaxStartError(document.fault, version);
    decodeToml(builder, document, version);
    applyEnvironment(builder, env, version);
    validate(builder);
    return { starts: true, configuration: builder.finish() };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return { starts: false, message: error.message, ...error.details };
  }
}
