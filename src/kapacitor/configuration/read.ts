import { check } from './checks.js';
import { decodeDocument, syntaxRefusal } from './decode.js';
import { Draft } from './draft.js';
import { applyEnvironment } from './environment.js';
import type { Configuration } from './fields.js';
import { Refusal, type RefusalDetails } from './refusal.js';
import { parseDocument } from './toml/parse.js';
import { defaultVersion, type KapacitorVersion } from '../../model/kapacitor-versions.js';

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
