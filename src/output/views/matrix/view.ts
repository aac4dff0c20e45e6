import { escapeControls } from '../../../model/text.js';
import type { Matrix } from '../../../report/matrix/matrix.js';
import { matrixPage } from '../../html/matrix.js';
import type { View } from '../../view.js';
import { matrixCsv } from './csv.js';
import { matrixJson } from './json.js';
import { matrixMarkdown } from './markdown.js';
import { matrixText } from './text.js';

/** Who may do what. @param csvSafe whether fields of CSV are kept from being formulas */
export function matrixView({ csvSafe }: { readonly csvSafe: boolean }): View<Matrix> {
  return {
    text: matrixText,
    json: matrixJson,
    extra: {
      csv: (matrix) => matrixCsv(matrix, csvSafe),
      name: ({ users }) => users.map(({ name }) => `${escapeControls(name)}\n`).join(''),
      markdown: matrixMarkdown,
      html: matrixPage,
    },
  };
}
