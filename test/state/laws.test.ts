import { stateLaws } from './laws.js';

stateLaws(120);
