import { readConfiguration } from '../../../kapacitor-config/read.js';
import type { Field, Section } from '../../../kapacitor-config/fields.js';
import { parseDuration } from '../../../go-compat/duration.js';
import { tomlString } from './edit.js';

const words: ReadonlyMap<string, string> = new Map([
  ...['true', 'yes', 'on', '1', 't', 'y'].map((word) => [word, 'true'] as const),
  ...['false', 'no', 'off', '0', 'f', 'n'].map((word) => [word, 'false'] as const),
]);

const units: readonly (readonly [names: readonly string[], unit: string, times: number])[] = [
  [['w', 'week', 'weeks'], 'h', 168],
  [['d', 'day', 'days'], 'h', 24],
  [['h', 'hr', 'hrs', 'hour', 'hours'], 'h', 1],
  [['m', 'min', 'mins', 'minute', 'minutes'], 'm', 1],
  [['s', 'sec', 'secs', 'second', 'seconds'], 's', 1],
  [['ms', 'msec', 'millisecond', 'milliseconds'], 'ms', 1],
];

/** A duration in the daemon's form, undefined where it is not plain which is meant: there is none without a unit. */
export function mendedDuration(text: string): string | undefined {
  if (text.length > 60) return undefined;
  const compact = text.replaceAll(/[\s,]|and/g, '');
  if (!/^(\d+(\.\d+)?[A-Za-z]+)+$/.test(compact)) return undefined;
  const pieces = [...compact.matchAll(/([\d.]+)([A-Za-z]+)/g)].map(([, count = '', name = '']) => {
    const row = units.find(([names]) => names.includes(name === 'M' ? '' : name.toLowerCase()));
    if (row === undefined) return undefined;
    const [, unit, times] = row;
    return `${times === 1 ? count : Number((Number(count) * times).toFixed(6))}${unit}`;
  });
  const whole = pieces.every((piece) => piece !== undefined) ? pieces.join('') : '';
  return parseDuration(whole).error === undefined ? whole : undefined;
}

/** A text as it may have been meant: without quotes of any kind around it. */
function bare(raw: string): string {
  return raw.trim().replace(/^["'“”„‘’«»]+|["'“”„‘’«»]+$/g, '');
}

function mendedDurationLiteral(text: string): string | undefined {
  const { nanoseconds } = parseDuration(text);
  const form = nanoseconds === undefined ? mendedDuration(text) : text;
  return form === undefined ? undefined : tomlString(form);
}

/** What the daemon says to `enabled = true` alone. */
const costRefusal = 'create server: invalid configuration: auth: ';

/** The literal for a field that was given under another name or elsewhere; undefined where the daemon would refuse it. */
export function acceptedLiteral(section: Section, field: Field, raw: string): string | undefined {
  const accepts = (literal: string): boolean => {
    const reading = readConfiguration(`[${section}]\n${field.key} = ${literal}\n`, new Map());
    return reading.starts || reading.message.startsWith(costRefusal);
  };
  const literal = accepts(raw) ? raw : mendedLiteral(field, raw);
  return literal !== undefined && accepts(literal) ? literal : undefined;
}

/** The literal that a refused value means for a field, undefined where there is a doubt. */
export function mendedLiteral({ type, isSecret }: Field, raw: string): string | undefined {
  if (raw.length > 500 || /^\s*(?:[[{]|"""|''')/.test(raw) || /[\n\r]/.test(raw.trim())) return undefined;
  const text = bare(raw);
  switch (type) {
    case 'boolean':
      return words.get(text.trim().toLowerCase());
    case 'integer':
      return /^\s*\d{1,9}(\.0+)?\s*$/.test(text) ? String(Number.parseInt(text, 10)) : undefined;
    case 'duration':
      return mendedDurationLiteral(text);
    case 'string':
      // Of a number or a switch nobody knows whether it is the secret's text.
      if (isSecret === true && /^[\s]*(?:true|false|yes|no|on|off|null|none|[-+.\d][-+.:\w]*)[\s]*$/i.test(raw))
        return undefined;
      return text === '' || /["'“”„‘’\\#]/.test(text) ? undefined : tomlString(text);
  }
}
