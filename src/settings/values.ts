import { settingError, textOf, type Layer } from './layers.js';
import { usageError } from '../errors.js';
import { parseDuration } from '../model/units.js';
import { nodeOrigin } from '../model/urls.js';
import { knownReleasesHint, parseKapacitorVersion, type KapacitorVersion } from '../model/kapacitor-versions.js';
import type { RolesInUserRecords } from '../model/user.js';
import { placeOf } from './origin.js';
import type { PartName } from './parts.js';

const longest = 24 * 3_600_000;
const largestBody = 512 * 1024 * 1024;
const units: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['B', 1],
  ['KiB', 1024],
  ['MiB', 1024 ** 2],
  ['GiB', 1024 ** 3],
  ['kB', 1000],
  ['KB', 1000],
  ['MB', 1000 ** 2],
  ['GB', 1000 ** 3],
]);

/** The distinct nodes as `http://host:8091`. */
export function nodesOf(given: Layer): readonly string[] {
  const value = given.get('url');
  const urls = value?.texts ?? [];
  const nodes = urls.map((text, i) => {
    const node = nodeOrigin(text);
    if (typeof node === 'string') return node;
    const place = value === undefined ? 'url' : placeOf(value.origin, 'url');
    // A wrong URL is not shown: a password may stand anywhere in it.
    const which = urls.length === 1 ? 'the URL' : `URL number ${i + 1}`;
    const hint = 'Give it as http://HOST:8091 or https://HOST:8091.';
    throw usageError('bad-setting', `${place}: ${which} ${node.fault}`, hint);
  });
  return [...new Set(nodes)];
}

/** Milliseconds; `least` is the smallest that makes sense. */
export function durationOf(given: Layer, name: PartName, least: number): number {
  const { text, place } = textOf(given, name) ?? { text: '', place: name };
  const ms = parseDuration(text, place);
  if (ms >= least && ms <= longest) return Math.round(ms);
  throw settingError(place, text, `is not between ${least}ms and 24h`, 'Write it as 500ms, 3s or 1m30s.');
}

/** Bytes. */
export function sizeOf(given: Layer, name: PartName): number {
  const { text, place } = textOf(given, name) ?? { text: '', place: name };
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(text.trim()) ?? [];
  const bytes = Math.floor(Number(number || Number.NaN) * (units.get(unit) ?? Number.NaN));
  if (bytes >= 1 && bytes <= largestBody) return bytes;
  throw settingError(place, text, 'is not a size between 1 byte and 512MiB', 'Write it as 64MiB or 1048576.');
}

export function countOf(given: Layer, name: PartName, most: number): number {
  const { text, place } = textOf(given, name) ?? { text: '', place: name };
  if (/^\d{1,6}$/.test(text.trim()) && Number(text) <= most) return Number(text);
  throw settingError(place, text, 'is not a count', `Give a whole number from 0 to ${most}.`);
}

/** Whether the cluster copies role permissions into user records, as a profile says it. */
export function rolesInUserRecordsOf(given: Layer): RolesInUserRecords {
  const { text, place } = textOf(given, 'rolesInUserRecords') ?? { text: 'unknown', place: '' };
  if (text === 'yes' || text === 'true') return 'yes';
  if (text === 'no' || text === 'false') return 'no';
  if (text === 'unknown') return 'unknown';
  throw settingError(place, text, 'is not yes, no or unknown', 'Find out with: kapadmin doctor --probe');
}

/** Which Kapacitor runs, where a variable or a profile says it. */
export function kapacitorVersionOf(given: Layer): KapacitorVersion | undefined {
  const found = textOf(given, 'kapacitorVersion');
  if (found === undefined) return undefined;
  const version = parseKapacitorVersion(found.text);
  if (version !== undefined) return version;
  throw settingError(found.place, found.text, 'is not a release of Kapacitor that is known', knownReleasesHint);
}
