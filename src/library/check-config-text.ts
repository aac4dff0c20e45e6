import { randomBytes } from 'node:crypto';
import { checkConfig } from '../diagnostics/config/fix-config.js';
import { tlsFileChecks } from '../diagnostics/config/tls-checks.js';
import { daemonMessage } from '../diagnostics/config/redact.js';
import { otherSectionFaults, outlineConfig, readConfiguration } from '../kapacitor-config/read-and-validate.js';
import { partitionVariables } from '../kapacitor-config/fields.js';
import { requireVersion, type SuggestedFix, toSuggestedFix } from './simulate-auth.js';

/** One thing that is wrong with a configuration; `kapadmin explain ID` explains it. */
export interface ConfigProblem {
  readonly id: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly title: string;
  readonly fact: string;
  readonly consequence: string;
  /** Where in the text it stands, from 1. */
  readonly line?: number;
  readonly column?: number;
  /** The variable that it is about. */
  readonly variable?: string;
  readonly fixes: readonly SuggestedFix[];
}

export interface ConfigReport {
  /** Whether Kapacitor starts with it; certificates and keys that it names are not read. */
  readonly starts: boolean;
  /** What the daemon says where it does not start. */
  readonly message: string | null;
  /** The worst first. */
  readonly findings: readonly ConfigProblem[];
}

const fileIds: ReadonlySet<string> = new Set(tlsFileChecks.flatMap(({ gives }) => gives));

/**
 * What is wrong with a kapacitor.conf and the daemon's variables, as `config check` finds it.
 * @param options.version of Kapacitor, such as `1.6.5`; 1.8 where it is left out
 */
export function checkConfigText(
  text: string,
  env: Readonly<Record<string, string>> = {},
  options: { readonly version?: string } = {},
): ConfigReport {
  const version = requireVersion(options.version);
  const { variables, others } = partitionVariables(Object.entries(env));
  const result = readConfiguration(text, variables, version);
  const { findings } = checkConfig(
    {
      file: { path: 'kapacitor.conf', content: text, mode: 0o600 },
      environment: { variables, others, from: 'env', dropped: [] },
      now: Date.now(),
      version,
      freshSecret: randomBytes(36).toString('base64url'),
    },
    new Map(),
  );
  const message = result.starts
    ? otherSectionFaults(text, variables, version)[0]?.message
    : daemonMessage(result, outlineConfig(text, version));
  return {
    starts: message === undefined,
    message: message ?? null,
    findings: findings
      .filter(({ id }) => !fileIds.has(id))
      .map(({ place, fixes, id, severity, title, fact, consequence }) => ({
        id,
        severity,
        title,
        fact,
        consequence,
        ...(place?.in === 'environment' ? { variable: place.variable } : {}),
        ...(place?.in === 'file' && place.line !== undefined ? { line: place.line } : {}),
        ...(place?.in === 'file' && place.column !== undefined ? { column: place.column } : {}),
        fixes: fixes.map(toSuggestedFix),
      })),
  };
}
