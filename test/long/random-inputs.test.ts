import { randomInputs } from '../corpus/try-inputs.js';

randomInputs(100_000, 900_000);
