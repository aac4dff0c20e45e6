import { afterAll, afterEach } from 'vitest';
import { cleanUpFile, cleanUpTest } from './cleanup.js';

afterEach(cleanUpTest);
afterAll(cleanUpFile);
