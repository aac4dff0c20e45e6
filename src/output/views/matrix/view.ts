import type { Matrix } from '../../../access-matrix/matrix.js';
import { matrixPage } from '../../html/matrix.js';
import type { View } from '../../view.js';
import { matrixCsv } from './csv.js';
import { matrixJson } from './json.js';
import { matrixMarkdown } from './markdown.js';
import { matrixText } from './text.js';

/** Who may do what. */
export const matrixView: View<Matrix> = {
  text: matrixText,
  json: matrixJson,
  extra: {
    csv: matrixCsv,
    name: ({ users }) => users.map(({ name }) => name),
    markdown: matrixMarkdown,
    html: matrixPage,
  },
};
