// What CHANGELOG.md says of a version, for its release: `node .tools/release-notes.mjs 0.1.0`.
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The text below `## [VERSION] - DATE`. Throws where there is none: a release without notes is a forgotten step. */
export function releaseNotes(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${version}] - `));
  const notes =
    section
      ?.replace(/^.*\n/, '')
      .replaceAll(/^\[[^\]]+\]: .*$/gm, '')
      .trim() ?? '';
  if (notes !== '') return `${notes}\n`;
  throw new Error(`CHANGELOG.md has no text below "## [${version}] - DATE"`);
}

if (process.argv[1] === import.meta.filename) {
  const changelog = readFileSync(path.join(import.meta.dirname, '../CHANGELOG.md'), 'utf8');
  process.stdout.write(releaseNotes(changelog, process.argv[2] ?? ''));
}
