import type { Matrix } from '../../access-matrix/matrix.js';
import { reportData } from './data.js';
import { headHtml } from './head.js';
import { kindsHtml } from './kinds.js';
import { renderPage } from './page.js';
import clientStyle from './client.css?raw';
import clientScript from './client.js?raw';
import { gridHtml, toolsHtml } from './skeleton.js';

/** The matrix as one HTML file: it needs no network, and its names are data. */
export function matrixPage(matrix: Matrix): string {
  return renderPage({
    title: 'Kapacitor access matrix',
    style: clientStyle,
    body: [headHtml(matrix), toolsHtml, gridHtml, kindsHtml(matrix), '<div id="print"></div>'].join('\n'),
    script: clientScript,
    data: reportData(matrix),
  });
}
