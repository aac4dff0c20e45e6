import { defineConfig } from 'vitest/config';

/** Each file in a process of its own: its modules keep what one file did, replace modules, or drive the built program. */
const separate = [
  'test/access-matrix/decide-access.test.ts',
  'test/browser/**/*.test.ts',
  'test/docs/**/*.test.ts',
  'test/flows/**/*.test.ts',
  'test/leak-tests/built.test.ts',
  'test/leak-tests/doctor-echoes.test.ts',
  'test/prompt/**/*.test.ts',
  'test/repo-checks/**/*.test.ts',
];

export default defineConfig({
  define: { KAPADMIN_VERSION: JSON.stringify('0.0.0-test') },
  test: {
    setupFiles: ['test/seed.ts', 'test/setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    // Style sheets are read as text.
    css: true,
    // The bundle runs as it ships.
    server: { deps: { external: [/\/dist\//] } },
    projects: [
      { extends: true, test: { name: 'each alone', include: separate } },
      {
        extends: true,
        // Modules are loaded once for all files: a fresh process for each takes longer than most files do.
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: ['test/long/**', ...separate],
          isolate: false,
        },
      },
    ],
  },
});
