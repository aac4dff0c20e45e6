import { FileText, printFileText, printLines, type Lines } from '../../src/output/styled.js';

/** What a view gives, as a terminal gets it. */
export function printed(text: Lines | FileText): string {
  return text instanceof FileText ? printFileText(text) : printLines(text);
}
