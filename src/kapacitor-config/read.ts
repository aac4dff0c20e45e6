import { portOf } from '../go-compat/net.js';
import { parseDecimal } from '../go-compat/strconv.js';
import { applyEnvironment, decodeDocument, Draft, Refusal, type RefusalDetails, syntaxRefusal } from './decode.js';
import { type Configuration, fields } from './fields.js';
import { parseDocument } from './toml/parse.js';
import { defaultVersion, type KapacitorVersion } from '../model/kapacitor-versions.js';

const leastCost = 4n;

function costFault(draft: Draft): string | undefined {
  if (draft.get(fields.auth.enabled).value !== true) return undefined;
  const cost = draft.get(fields.auth.bcryptCost).value;
  if (typeof cost !== 'bigint' || cost >= leastCost) return undefined;
  return `auth: must provide a bcrypt cost >= ${leastCost}, got ${cost}`;
}

/** An empty port passes: the daemon then listens on any. */
function addressFault(draft: Draft): string | undefined {
  const address = String(draft.get(fields.http.bindAddress).value);
  const reading = portOf(address);
  if ('error' in reading) return `http: invalid http bind address ${address}: ${reading.error}`;
  if (reading.port === '') return undefined;
  const port = parseDecimal(reading.port);
  if (typeof port === 'string') return `http: invalid http bind address port ${reading.port}: ${port}`;
  return port > 65535n || port < 0n ? `http: invalid http bind address port ${port}: out of range` : undefined;
}

/** The daemon's own checks that need no files (server/config.go, Validate). */
export function check(draft: Draft): void {
  const fault = costFault(draft) ?? addressFault(draft);
  if (fault === undefined) return;
  const hint = 'To generate a valid configuration file run `kapacitord config > kapacitor.generated.conf`.';
  throw new Refusal(`create server: invalid configuration: ${fault}. ${hint}`);
}

export type Reading =
  | { readonly starts: true; readonly configuration: Configuration }
  | ({ readonly starts: false; readonly message: string } & RefusalDetails);

/**
 * The configuration that the daemon uses: the file, over it the environment, then the checks that need no files. Where
 * it refuses to start, its own message. Never throws, whatever file and environment hold.
 */
export function readConfiguration(
  file: string | Uint8Array,
  env: ReadonlyMap<string, string>,
  version: KapacitorVersion = defaultVersion,
): Reading {
  try {
    const draft = new Draft();
    const document = parseDocument(file, version);
    if (document.fault !== undefined) throw syntaxRefusal(document.fault, version);
    decodeDocument(draft, document, version);
    applyEnvironment(draft, env, version);
    check(draft);
    return { starts: true, configuration: draft.finish() };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { starts: false, message: error.message, ...error.details };
  }
}
