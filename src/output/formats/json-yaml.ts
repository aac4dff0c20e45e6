import { escapeHidden, isShownAsItIs, jsonForm } from '../../model/text.js';

/** A value as JSON; what does not show is `\uNNNN` in it, which changes no value. */
export function renderJson(value: unknown, indent = 2): string {
  const text = JSON.stringify(value, null, indent) ?? 'null';
  return text.replace(/[^\n]+/g, (line) => escapeHidden(line, jsonForm));
}

/** What readers of YAML 1.1 take for something else than text, beyond what the library knows (dates, 1:30, yes). */
const otherInYaml11 = /^(?:[=~]|<<|[-+]?[\d.][\d_.,:+-]*(?:[ePp][-+]?\d*)?|0[xob][\da-f_]*|[\d-]+[Tt ].*)$/i;

/** `\xNN`, `\uNNNN` or `\UNNNNNNNN`: YAML knows no surrogates. */
function yamlForm(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return code < 0x1_0000 ? jsonForm(char) : `\\U${code.toString(16).padStart(8, '0')}`;
}

/** A value as YAML that readers of 1.1 and 1.2 read alike; what does not show is escaped in double quotes. */
export async function renderYaml(value: unknown): Promise<string> {
  const { Document, visit } = await import('yaml');
  const document = new Document(value, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value !== 'string') return;
      if (!isShownAsItIs(node.value) || otherInYaml11.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
  return text.replace(/[^\n]+/g, (line) => escapeHidden(line, yamlForm));
}
