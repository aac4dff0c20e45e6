import { FileOutput, printFileOutput, printLines, type Lines } from '../../src/output/style.js';

/** What a view gives, as a terminal gets it. */
export function printed(text: Lines | FileOutput): string {
  return text instanceof FileOutput ? printFileOutput(text) : printLines(text);
}
