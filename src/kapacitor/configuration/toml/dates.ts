import type { DateTime } from './value.js';

const date = String.raw`(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)`;
const time = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:\.(?<fraction>\d+))?`;
const zone = String.raw`(?:Z|(?<sign>[+-])(?<zoneHour>\d\d):(?<zoneMinute>\d\d))`;

/** What Go's time.Parse accepts of the four layouts that TOML knows. */
const layouts = [`${date}T${time}${zone}`, `${date}T${time}`, date, time].map((layout) => new RegExp(`^${layout}$`));

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** `Z`, or the offset in hours and minutes; a day or more cannot be written in RFC 3339. */
function zoneText(sign: string, minutes: number): string | undefined {
  if (minutes === 0) return 'Z';
  return minutes < 24 * 60 ? `${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}` : undefined;
}

/**
 * A date, a time, or both, whose letters are upper case and whose date and time are parted by `T`; undefined where
 * Go refuses it. One without a zone is taken in UTC, as by a daemon that runs there.
 */
export function readDateTime(text: string): DateTime | undefined {
  const match = layouts.map((layout) => layout.exec(text)).find((found) => found !== null);
  if (match === undefined) return undefined;
  const { year = '0000', month = '01', day = '01', hour = '00', minute = '00', second = '00' } = match.groups ?? {};
  const { fraction = '', sign = '+', zoneHour = '00', zoneMinute = '00' } = match.groups ?? {};
  if (Number(month) < 1 || Number(month) > 12) return undefined;
  if (Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (Number(zoneHour) > 24 || Number(zoneMinute) > 60) return undefined;

  const where = zoneText(sign, Number(zoneHour) * 60 + Number(zoneMinute));
  if (where === undefined) return { error: 'Time.MarshalText: timezone hour outside of range [0,23]' };
  const nanoseconds = fraction.slice(0, 9).replace(/0+$/, '');
  const behind = nanoseconds === '' ? '' : `.${nanoseconds}`;
  return { text: `${year}-${month}-${day}T${hour}:${minute}:${second}${behind}${where}` };
}
