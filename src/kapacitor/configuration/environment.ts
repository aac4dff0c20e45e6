import { parseDuration } from '../../go-compat/duration.js';
import { parseBool, parseInteger } from '../../go-compat/strconv.js';
import type { Draft } from './draft.js';
import { fields, type Field } from './fields.js';
import { isRead, variableOf } from './known.js';
import { Refusal } from './refusal.js';
import type { KapacitorVersion } from '../../model/kapacitor-versions.js';

/** A field that no file can set; its key in the daemon is `-`, so that its variable ends in two underscores. */
const compression: Field = { key: '-', goName: 'GZIP', type: 'boolean' };

function refusal(variable: string, field: Field, type: string, text: string): Refusal {
  const what = `failed to apply ${variable} to ${field.goName} using type ${type} and value '${text}'`;
  return new Refusal(`apply env config: ${what}`, { variable });
}

function fieldValue(variable: string, field: Field, text: string): string | bigint | boolean {
  switch (field.type) {
    case 'string':
      return text;
    case 'boolean': {
      const value = parseBool(text);
      if (value === undefined) throw refusal(variable, field, 'bool', text);
      return value;
    }
    case 'integer': {
      const value = parseInteger(text);
      if (value === undefined) throw refusal(variable, field, 'int', text);
      return value;
    }
    case 'duration': {
      const { nanoseconds, error } = parseDuration(text);
      if (error === undefined) return nanoseconds;
      throw new Refusal(`apply env config: failed to unmarshal env var: ${error}`, { variable });
    }
  }
}

/** Lays the variables over the file, in the daemon's order; an empty one counts as unset (server/config.go). */
export function applyEnvironment(draft: Draft, env: ReadonlyMap<string, string>, version: KapacitorVersion): void {
  for (const section of ['auth', 'http'] as const) {
    const all = Object.values<Field>(fields[section]).filter((field) => isRead(field, version));
    for (const field of section === 'http' ? [...all, compression] : all) {
      const name = variableOf(section, field);
      const text = env.get(name) ?? '';
      if (text !== '') draft.set(field, fieldValue(name, field, text), { from: 'environment', name });
    }
  }
}
