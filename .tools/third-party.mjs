// The packages that are inside a bundle: their licences, and a software bill of materials.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The package.json and the folder of each package of which a file is in the bundle. */
function packagesIn({ outputs }, root) {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0),
  );
  const folders = files.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].toSorted().map((name) => {
    const folder = path.join(root, name);
    return { ...JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')), folder };
  });
}

function licenceText({ name, version, license, folder }) {
  const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)/i.test(each));
  const text =
    file === undefined ? '(the package contains no licence text)' : readFileSync(path.join(folder, file), 'utf8');
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

function component(type, { name, version, license }) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return { type, 'bom-ref': purl, name, version, purl, licenses: [{ expression: license }] };
}

/**
 * @param {import('esbuild').Metafile} metafile
 * @returns {{ licences: string, sbom: string }} the text of THIRD-PARTY-LICENSES.txt, and CycloneDX as JSON
 */
export function listPackages(metafile, root) {
  const packages = packagesIn(metafile, root);
  const own = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const rule = `\n${'-'.repeat(78)}\n\n`;
  const sbom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: component('application', own) },
    components: packages.map((each) => component('library', each)),
  };
  return {
    licences: `kapadmin contains these packages.\n${rule}${packages.map(licenceText).join(rule)}`,
    sbom: `${JSON.stringify(sbom, null, 2)}\n`,
  };
}
