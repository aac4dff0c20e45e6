import type { Fix } from '../../diagnostics/fix.js';
import type { FindingLocation } from '../../diagnostics/finding.js';

function withLine(file: string, { line, column }: { readonly line?: number; readonly column?: number }): string {
  const parts = [line, column].filter((part) => part !== undefined).map((part) => `:${part}`);
  return `${file}${parts.join('')}`;
}

/** Where a finding lies, for people. */
export function locationText(place: FindingLocation): string {
  switch (place.in) {
    case 'file':
      return withLine(place.file, place);
    case 'environment':
      return `${place.variable} of ${withLine(place.from, place.line === undefined ? {} : { line: place.line })}`;
    case 'node':
      return place.url;
    case 'cluster': {
      const parts = [
        place.user === undefined ? '' : `user ${place.user}`,
        place.role === undefined ? '' : `role ${place.role}`,
      ];
      return parts.filter((part) => part !== '').join(', ') || 'the cluster';
    }
  }
}

/** A fix as one string; lines to write follow its text. */
export function fixText({ what, command, setting }: Fix): string {
  const line = command === undefined ? setting : String(command);
  if (line === undefined) return what;
  return line.includes('\n') ? `${what}:\n${line}` : `${what}: ${line}`;
}
