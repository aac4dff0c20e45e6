import { base } from './base.js';
import { grid } from './grid.js';
import { small } from './small.js';
import { tools } from './tools.js';

/** The style of the reports. */
export const reportStyle = `${base}${tools}${grid}${small}`;
