import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The folders of the packages whose files are in some bundles. */
function packageFolders(metafiles) {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const folders = inputs.map((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].toSorted();
}

function licenceText(folder) {
  const name = readdirSync(folder).find((file) => /^(licen[cs]e|copying)/i.test(file));
  return name === undefined ? undefined : readFileSync(path.join(folder, name), 'utf8').trim();
}

function entry(folder) {
  const facts = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  if (facts.license === undefined) throw new Error(`${facts.name} names no licence`);
  const text = licenceText(folder) ?? `(its package holds no licence text; it names ${facts.license})`;
  return `${facts.name} ${facts.version} (${facts.license})\n\n${text}\n`;
}

/** The licence texts of the packages inside some bundles, for THIRD-PARTY-LICENSES.txt. */
export function licencesOf(metafiles, root) {
  const folders = packageFolders(metafiles)
    .map((folder) => path.join(root, folder))
    .filter((folder) => existsSync(path.join(folder, 'package.json')));
  const rule = `\n${'-'.repeat(78)}\n\n`;
  return `kapadmin contains these packages.\n${rule}${folders.map(entry).join(rule)}`;
}
