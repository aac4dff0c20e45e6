import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { KAPADMIN_VERSION: JSON.stringify('0.0.0-test') },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    exclude: ['test/long/**'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    // Style sheets are read as text.
    css: true,
    // The bundle runs as it ships.
    server: { deps: { external: [/\/dist\//] } },
  },
});
