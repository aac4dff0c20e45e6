import { stateLaws } from '../state/laws.js';

stateLaws(4000);
