import type { Outline } from '../../../kapacitor-config/outline.js';
import { finding } from '../../../diagnostics/finding.js';
import type { ConfigFinding } from './check.js';
import { filePlace } from './facts.js';
import type { ConfigInput } from './input.js';

const kinds: readonly (readonly [name: string, mark: RegExp])[] = [
  ['ERB', /<%[^%]*%>/],
  ['Jinja or Go', /\{\{.*?\}\}|\{%.*?%\}/],
];

function lineOf(text: string): readonly [kind: string, line: number] | undefined {
  for (const [i, line] of text.split('\n').entries()) {
    const code = line.replace(/^\s*#.*/, '');
    const kind = kinds.find(([, mark]) => mark.test(code));
    if (kind !== undefined) return [kind[0], i + 1];
  }
  return undefined;
}

/** Whether a file is no TOML because it is a template that was not rendered. */
export function isTemplate({ fault, text }: Outline): boolean {
  return fault !== undefined && lineOf(text) !== undefined;
}

export function templateFinding(input: ConfigInput, { text }: Outline): ConfigFinding {
  const [kind, line] = lineOf(text) ?? ['', 1];
  const fact = `Line ${line} holds a mark of ${kind} templates.`;
  return { finding: finding('template-file', fact, { place: filePlace(input, line) }) };
}
