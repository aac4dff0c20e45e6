import { randomInputs } from './try-inputs.js';

randomInputs(2_000, 120_000);
