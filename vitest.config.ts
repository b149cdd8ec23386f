import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    exclude: ['**/dist/**', '**/node_modules/**'],
    globalSetup: ['test/support/temporaryRoot.ts'],
    // Two cores carry node, daemons and tests alike: one more than they are, for many tests wait for blocks.
    maxWorkers: 3,
    // One process after the other would read the same thousand modules for each file.
    isolate: false,
    // Long, for the machine may be busy: what is waited for has a bound of its own.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // For what comes by itself. It bounds a wait and measures nothing.
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: { name: 'system', include: ['test/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            '{sdk,service,bundler,paymaster,paymaster/console,provider}/src/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
        },
      },
    ],
  },
})
