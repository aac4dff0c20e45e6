import { fields } from '../../../kapacitor-config/fields.js';
import { finding, type Finding } from '../../../diagnostics/finding.js';
import type { Check, ConfigFinding } from './check.js';
import { exposed } from './exposed.js';
import { filePlace, placeOf, told, type ConfigFacts, type SettingName } from './facts.js';
import type { ConfigInput } from './input.js';
import { isPlaceholder } from './placeholders.js';

/** Whether a secret is what kapadmin prints in place of one. */
export function isMasked(secret: string): boolean {
  return /^\*+$/.test(secret);
}

const secrets: readonly SettingName[] = [
  ['http', 'sharedSecret'],
  ['auth', 'metaPassword'],
  ['auth', 'metaInternalSharedSecret'],
];

function masked(facts: ConfigFacts): readonly ConfigFinding[] {
  const { http, auth } = facts.configuration;
  const values = [http.sharedSecret, auth.metaPassword, auth.metaInternalSharedSecret].map(({ value }) =>
    value.reveal(),
  );
  return secrets
    .filter((_, i) => isMasked(values[i] ?? ''))
    .map((name) => ({ finding: finding('masked-secret', `${told(facts, name)}.`, { place: placeOf(facts, name) }) }));
}

/** Secrets with the same text, each told once. */
function reused(facts: ConfigFacts): readonly ConfigFinding[] {
  const { http, auth } = facts.configuration;
  const values = [http.sharedSecret, auth.metaPassword, auth.metaInternalSharedSecret].map(({ value }) =>
    value.reveal(),
  );
  return secrets.flatMap((name, i): ConfigFinding[] => {
    const value = values[i] ?? '';
    const first = secrets[values.indexOf(value)];
    if (value === '' || isMasked(value) || first === undefined || first === name) return [];
    const fact = `${told(facts, first)}, ${told(facts, name)}: the same text.`;
    return [{ finding: finding('secret-reused', fact, { place: placeOf(facts, name) }) }];
  });
}

export const secretChecks: readonly Check[] = [
  {
    reads: [fields.http.sharedSecret, fields.auth.metaPassword, fields.auth.metaInternalSharedSecret],
    gives: ['masked-secret'],
    find: masked,
  },
  {
    reads: [fields.http.sharedSecret, fields.auth.metaPassword, fields.auth.metaInternalSharedSecret],
    gives: ['secret-reused'],
    find: reused,
  },
];

/** A line that gives a secret, in any section. */
const secretLine = /^[ \t]*"?[\w.-]{0,80}(?:password|passwd|secret|token|api-key)"?[ \t]*=[ \t]*["'][^\n]*[^"'\s]/gim;

/** Whether a text holds a secret that is written out. */
function holdsSecret(text: string): boolean {
  return [...text.matchAll(secretLine)].some(([line]) => {
    const value = line.replace(/^[^=]*=[ \t]*/, '').replace(/^["']|["'][ \t]*(?:#.*)?$/g, '');
    return !isPlaceholder(value.replace(/["'].*$/, ''));
  });
}

/** The files that hold secrets and that everybody may read. */
export function exposedFiles(input: ConfigInput, text: string): readonly Finding[] {
  const { file, environment } = input;
  const conf =
    file !== undefined && holdsSecret(text) ? exposed(file.path, file.mode, 'secrets', filePlace(input)) : [];
  const holds = [...environment.variables].some(
    ([name, value]) => /PASSWORD|SECRET|TOKEN/i.test(name) && value !== '' && !isPlaceholder(value),
  );
  const from = environment.from;
  const variables = holds ? exposed(from, environment.file?.mode, 'secrets', { in: 'file', file: from }) : [];
  return [...conf, ...variables].map((one) => one.finding);
}
