import { choice } from './choice.js';
import { grid } from './grid.js';
import { model } from './model.js';
import { moves } from './moves.js';
import { start } from './start.js';
import { why } from './why.js';

/** The script of the report. It runs in the browser; names come to it as data and leave it as text. */
export const reportScript = `(() => {\n'use strict';${model}${choice}${grid}${why}${moves}${start}})();\n`;
