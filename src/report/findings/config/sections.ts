import { knownField } from '../../../kapacitor-config/fields.js';
import type { Outline, WrittenKey } from '../../../kapacitor-config/outline.js';
import { excerpt } from '../../../model/text.js';
import { finding } from '../../../diagnostics/finding.js';
import type { ConfigFinding } from './check.js';
import { filePlace } from './facts.js';
import { lineAsRead, type ConfigInput } from './input.js';
import { nearSection } from './meant.js';
import { editMend, fileName } from './mends.js';

/** Sections whose names are near to [http] or [auth], with keys that belong there. */
export function sectionFindings(input: ConfigInput, file: Outline): readonly ConfigFinding[] {
  return file.sections.flatMap(({ names, known, isArray, text }): ConfigFinding[] => {
    const [name, ...deeper] = names;
    if (name === undefined || deeper.length > 0 || known !== undefined) return [];
    const meant = nearSection(name);
    const isOurs = ({ section, key }: WrittenKey): boolean =>
      section === name && meant !== undefined && knownField(meant, key) !== undefined;
    if (meant === undefined || !file.keys.some(isOurs)) return [];
    const fact = `${excerpt(text.spelt, 60)}: did you mean [${meant}]?`;
    const place = filePlace(input, text.line, text.column);
    const isFree = !file.sections.some((one) => one.known === meant) && !isArray;
    const isUnused = !file.keys.some(({ knownSection }) => knownSection === meant);
    const edits = isFree && isUnused ? [{ start: text.start, end: text.end, text: `[${meant}]` }] : undefined;
    const what = `Write in line ${lineAsRead(input, text.line)} of ${fileName(input)}`;
    const mends = [editMend(file, what, `[${meant}]`, edits)];
    return [{ finding: finding('misspelt-section', fact, { place, mends }), edits }];
  });
}
