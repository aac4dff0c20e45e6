import { randomInputs } from '../fuzz/try-inputs.js';

randomInputs(100_000, 900_000);
