import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      '{sdk,service,bundler,paymaster,paymaster/console}/src/**/*.test.ts',
      '{scripts,test}/**/*.test.ts',
    ],
    exclude: ['**/dist/**', '**/node_modules/**'],
    // Two cores carry node, daemons and tests alike.
    maxWorkers: 2,
    // Long, for the machine may be busy: what is waited for has a bound of its own.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // For what comes by itself. It bounds a wait and measures nothing.
    expect: { poll: { timeout: 30_000 } },
  },
})
