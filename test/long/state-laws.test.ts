import { stateLaws } from '../desired-state/plan-laws.js';

stateLaws(4000);
