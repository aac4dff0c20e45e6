import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { root } from '../../../.tools/fresh.mjs';

interface Part {
  readonly language: string;
  readonly text: string;
}

/** Sections of docs/how-to/automate.md: heading -> its fenced parts. */
export const page: ReadonlyMap<string, readonly Part[]> = new Map(
  readFileSync(path.join(root, 'docs/how-to/automate.md'), 'utf8')
    .split(/^##+ /m)
    .slice(1)
    .map((section) => {
      const fences = [...section.matchAll(/```(\w*)\n([^]*?)```/g)];
      return [section.split('\n', 1)[0] ?? '', fences.map(([, language = '', text = '']) => ({ language, text }))];
    }),
);

/** The parts of a section in one language. */
export function parts(heading: string, language: string): readonly string[] {
  const texts = (page.get(heading) ?? []).filter((each) => each.language === language).map((each) => each.text);
  if (texts.length === 0) throw new Error(`docs/how-to/automate.md has no ${language} below "${heading}"`);
  return texts;
}

export function yamlOf(heading: string): unknown {
  return parse(parts(heading, 'yaml')[0] ?? '');
}
