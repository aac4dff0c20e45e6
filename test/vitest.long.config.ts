import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { KAPADMIN_VERSION: JSON.stringify('0.0.0-test') },
  test: {
    include: ['test/long/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    // The bundle runs as it ships.
    server: { deps: { external: [/\/dist\//] } },
    passWithNoTests: true,
  },
});
