import fc from 'fast-check';

// `npm test` draws the same inputs each time; KAPADMIN_TEST_SEED=N draws others, and the long suites draw new ones.
fc.configureGlobal({ seed: Number(process.env['KAPADMIN_TEST_SEED'] ?? 1) });
